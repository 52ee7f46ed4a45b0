using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Parts;
using Huike.Customers.Tags;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Huike.Platform.Search;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Addresses;

/// <summary>An address as programs read it. Who may not see it reads its beginning as <c>detail</c>, and nothing else.</summary>
/// <param name="Id">Null: the customer's own address, of which nothing more was said; it is changed there.</param>
/// <param name="Use">What it is for.</param>
/// <param name="Recipient">Who receives there.</param>
/// <param name="Phone">In its normal form.</param>
/// <param name="Division">Code of province, city, area or street.</param>
/// <param name="Region">The division in words.</param>
/// <param name="Detail">What follows it.</param>
/// <param name="Postcode">Six digits in China.</param>
/// <param name="Preferred">Its text is the customer's own address.</param>
/// <param name="Version">Grows with each change.</param>
internal sealed record AddressRecord(long? Id, AddressUse Use, string? Recipient, string? Phone, string? Division, string? Region, string Detail, string? Postcode, bool Preferred, int Version) : IPartRecord
{
    public static AddressRecord Of(Address address) => new(address.Id == 0 ? null : address.Id, address.Use, address.Recipient.Length > 0 ? address.Recipient : null, address.Phone, address.Division?.Code, address.Division?.FullName, address.Detail, address.Postcode, address.IsPreferred, address.Version);
}

/// <summary>What a program says of an address. Of a change only the members that are given count; null empties one.</summary>
internal sealed record AddressInput
{
    /// <summary>A whole block as people paste it; the other members go before what it says. Refused where it may mean several places.</summary>
    public string? Text { get; init; }

    public AddressUse? Use { get; init; }

    public string? Recipient { get; init; }

    public string? Phone { get; init; }

    /// <summary>Code of province, city, area or street.</summary>
    public string? Division { get; init; }

    public string? Detail { get; init; }

    public string? Postcode { get; init; }

    /// <summary>True: it takes the place of the one that is preferred now.</summary>
    public bool Preferred { get; init; }

    /// <summary>The address with what was given.</summary>
    /// <exception cref="RuleException"><c>customers.address.several</c>; those of <see cref="Address.Read"/>.</exception>
    public Address On(Address old, IReadOnlySet<string> given)
    {
        var read = Text is { Length: > 0 } ? AddressText.Read(Text) : null;
        if (read is { Divisions.Count: > 1 } && !given.Contains("division")) { throw new RuleException("customers.address.several", string.Join(", ", read.Divisions.Select(one => $"{one.Code} {one.FullName}"))); }
        return Address.Read(Has("use") ? Use ?? AddressUse.Office : old.Use, Has("division") ? Division : read is null ? old.Division?.Code : read.Divisions is [var only] ? only.Code : null,
            Has("detail") ? Detail : read?.Detail ?? old.Detail, (Has("recipient") ? Recipient : read?.Name ?? old.Recipient, Has("phone") ? Phone : read?.Phone ?? old.Phone, Has("postcode") ? Postcode : read?.Postcode ?? old.Postcode)) with
        { IsPreferred = Preferred || old.IsPreferred };

        bool Has(string member) => given.Contains(member);
    }
}

/// <summary>A division as programs read it.</summary>
/// <param name="Code">Two digits for a province, four for a city, six for an area, nine for a street.</param>
/// <param name="Name">As the list writes it.</param>
internal sealed record DivisionRecord(string Code, string Name);

/// <summary>Addresses and divisions for programs.</summary>
internal static class AddressApi
{
    public static void MapAddressApi(this IEndpointRouteBuilder routes)
    {
        routes.MapApi("divisions").MapGet("/", Below).RequireAuthorization(CustomerPermissions.Read).WithName("listDivisions").Produces<ApiList<DivisionRecord>>().Takes(new ApiParameter("above"));
        routes.MapFileParts<ChangeAddresses, AddressInput, AddressInput, AddressRecord>("addresses", ("Address", "Addresses"));
    }

    private static JsonHttpResult<ApiList<DivisionRecord>> Below(HttpContext http)
    {
        var asked = http.Request.Query["above"].ToString();
        var divisions = asked.Length == 0 ? Divisions.Provinces : Divisions.Find(asked)?.Below ?? throw new RuleException("customers.address.division");
        return TypedResults.Json(new ApiList<DivisionRecord>([.. divisions.Select(one => new DivisionRecord(one.Code, one.Name))], null), ApiAnswer.Json);
    }
}
