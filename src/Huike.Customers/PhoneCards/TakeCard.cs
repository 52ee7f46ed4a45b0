using System.Data.Common;
using Huike.Customers.ContactPoints;
using Huike.Customers.Contracts;
using Huike.Customers.Parts;
using Huike.Customers.People;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.PhoneCards;

/// <summary>Takes over what a card says, by the features with which people add and change customers: their checks, permissions, history and audit hold. To be called within a batch.</summary>
internal sealed class TakeCard(ChangeByProgram change, ChangePeople people, TakePoints points, RecordPolicy policy, RemoveCustomer remove, Database database)
{
    /// <summary>Adds a customer; of a person who works somewhere a contact there, and the organisation too where there is none of the name.</summary>
    /// <param name="http">Who adds it.</param>
    /// <param name="facts">What the card says.</param>
    /// <param name="anyway">It was looked at who may be the same.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>access.record.refused</c>, <c>customers.form.twinApi</c> and others of adding.</exception>
    public async Task<(CardKind Kind, long Id)> Add(HttpContext http, CardFacts facts, bool anyway, CancellationToken ct)
    {
        if (facts.IsOrganisation || facts.Organisation is not { } organisation)
        {
            var id = await Customer(http, facts, anyway, ct);
            return (CardKind.Customer, id);
        }
        var at = await Employer(http, organisation, ct) ?? await Customer(http, new(organisation) { IsOrganisation = true }, anyway, ct);
        await policy.Demand(http.User.Access(), CustomerPermissions.Records, RecordAction.Edit, at, ct);
        var contact = Rewritten(new(0, 0, facts.Name), facts);
        return (CardKind.Contact, await people.Add(FileWriter.Of(http, at), contact, FormKey.Read(FormKey.New()), ct));
    }

    /// <summary>Changes what the card says otherwise than it was shown.</summary>
    /// <exception cref="RuleException"><c>access.record.refused</c>, <c>cards.refused.organisation</c>; those of changing.</exception>
    public async Task Change(HttpContext http, CardRecord was, CardFacts now, CancellationToken ct)
    {
        await policy.Demand(http.User.Access(), CustomerPermissions.Records, RecordAction.Edit, was.CustomerId, ct);
        var writer = FileWriter.Of(http, was.CustomerId);
        if (was.Kind == CardKind.Contact)
        {
            if (now.Organisation is { } organisation && organisation != was.Facts.Organisation) { throw new RuleException("cards.refused.organisation"); }
            await ChangeContact(writer, was, now, ct);
            return;
        }
        var said = new SaidOfCustomer();
        if (now.Name != was.Facts.Name) { said = said.With("name", said.Input with { Name = now.Name }); }
        if (was.Share.TellsNote && (now.Note ?? "") != (was.Facts.Note ?? "")) { said = said.With("remark", said.Input with { Remark = now.Note }); }
        said = await points.OwnFields(writer, now, said, ct);
        if (said.Given.Count > 0) { await change.Edit(http, was.Id, said.Input, said.Given, await Version(was.Id, ct), ct); }
        await points.Run(writer, was.Facts, now, ct);
    }

    /// <summary>A customer goes into the bin, a contact off the file.</summary>
    /// <exception cref="RuleException"><c>access.record.refused</c>, <c>customers.remove.bought</c>, <c>customers.remove.kept</c>.</exception>
    public async Task Remove(HttpContext http, CardRecord card, CancellationToken ct)
    {
        var isCustomer = card.Kind == CardKind.Customer;
        await policy.Demand(http.User.Access(), CustomerPermissions.Records, isCustomer ? RecordAction.Delete : RecordAction.Edit, card.CustomerId, ct);
        if (isCustomer) { http.User.Demand(CustomerPermissions.Delete); await remove.Run(card.Id, FileEndpoints.By(http.User), ct); }
        else { await people.Remove(FileWriter.Of(http, card.CustomerId), card.Id, ct); }
    }

    /// <summary>Which number of a kind a contact has by the card: the one that is preferred, else the one that he had, else the first.</summary>
    public static CardPoint? Taken(CardFacts facts, ContactKind kind, string? had) =>
        facts.Of(kind).FirstOrDefault(point => point.Point.IsPreferred) ?? facts.Of(kind).FirstOrDefault(point => point.Value == had) ?? facts.First(kind);

    private async Task<long> Customer(HttpContext http, CardFacts facts, bool anyway, CancellationToken ct)
    {
        http.User.Demand(CustomerPermissions.Create);
        var id = await change.Add(http, new NewCustomerInput
        {
            Name = facts.Name,
            Kind = facts.IsOrganisation ? CustomerKind.Organisation : CustomerKind.Person,
            Phone = facts.First(ContactKind.Phone)?.Point.Raw,
            Email = facts.First(ContactKind.Email)?.Point.Raw,
            Remark = facts.Note,
            Anyway = anyway,
        }, ct, toOwn: true);
        await points.Further(FileWriter.Of(http, id) with { Anyway = anyway }, facts, ct);
        return id;
    }

    /// <summary>The organisation of a name that one sees, one's own before others; null: there is none.</summary>
    private async Task<long?> Employer(HttpContext http, string name, CancellationToken ct)
    {
        var viewer = Viewer.Of(http, RecordAction.Edit);
        await using var connection = await database.Open(ct);
        var found = await connection.Number($"select id from customers_customer c where c.sort_key = @key and c.name = @name and {viewer.Sql("c")} order by case when c.owner_id = @me then 0 else 1 end, c.id limit 1", ct,
            [("key", CustomerColumns.SortKey(name, "")), ("name", name), ("me", viewer.UserId), .. viewer.Parameters]);
        return found > 0 ? found : null;
    }

    private async Task ChangeContact(FileWriter writer, CardRecord was, CardFacts now, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var old = (await Contact.Of(connection, was.CustomerId, null, ct)).Find(contact => contact.Id == was.Id) ?? throw new RuleException(ChangePeople.Unknown);
        var wanted = Rewritten(old, now) with { Birthday = was.Share.HasLunarBirthday ? old.Birthday : now.Birthday };
        if (!old.Told.SequenceEqual(wanted.Told)) { await people.Change(writer, was.Id, null, _ => wanted, ct); }
    }

    private static Contact Rewritten(Contact old, CardFacts now)
    {
        var (phone, email, chat) = (Taken(now, ContactKind.Phone, old.Phone), Taken(now, ContactKind.Email, old.Email), Taken(now, ContactKind.WeChat, old.WeChat?.ToLowerInvariant()));
        var read = Contact.Read(now.Name, now.Title, now.Note, (phone?.Value == old.Phone ? old.PhoneRaw ?? old.Phone : phone?.Point.Raw, email?.Point.Raw, chat?.Point.Raw));
        return read with { Id = old.Id, PersonId = old.PersonId, Role = old.Role, Influence = old.Influence, IsMain = old.IsMain, Birthday = now.Birthday, Version = old.Version, Others = old.Others };
    }

    private async Task<int> Version(long id, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return (int)await connection.Number("select version from customers_customer where id = @id", ct, ("id", id));
    }
}

/// <summary>What is said of a customer's own fields.</summary>
internal sealed record SaidOfCustomer
{
    public CustomerInput Input { get; private init; } = new();

    public IReadOnlySet<string> Given { get; private init; } = new HashSet<string>();

    public SaidOfCustomer With(string member, CustomerInput input) => new() { Input = input, Given = Given.Append(member).ToHashSet() };
}
