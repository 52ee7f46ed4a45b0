using Huike.Customers.Erasures;
using Huike.Customers.Processing;
using Huike.Platform.Access;
using Huike.Platform.Data;
using Huike.Platform.Retention;
using Huike.Platform.Settings;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Consents;

/// <summary>What the card on a customer's file shows.</summary>
internal sealed class ConsentCard(Database database, Register register, SettingsStore settings, IHttpContextAccessor http, TimeProvider clock)
{
    /// <summary>All facts, newest first.</summary>
    public IReadOnlyList<Consent> Facts { get; private set; } = [];

    /// <summary>Purposes that consent can be given for.</summary>
    public IReadOnlyList<Purpose> Purposes { get; private set; } = [];

    /// <summary>When the person was erased; null: not.</summary>
    public DateTimeOffset? ErasedAt { get; private set; }

    /// <summary>In which days are told.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>Whether the visitor may give and withdraw.</summary>
    public bool MayEdit { get; private set; }

    /// <summary>Whether the visitor may handle requests.</summary>
    public bool MayHandle { get; private set; }

    /// <summary>The last day that can be meant: today.</summary>
    public string Today => TimeZoneInfo.ConvertTime(clock.GetUtcNow(), Zone).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Reads all of it.</summary>
    public async Task Read(long customerId)
    {
        var request = http.HttpContext!;
        var purposes = await register.All(request.RequestAborted);
        await using var connection = await database.Open(request.RequestAborted);
        Facts = await Consent.Of(connection, customerId, purposes, request.RequestAborted);
        ErasedAt = await ErasedNumbers.ErasedAt(connection, customerId, request.RequestAborted);
        Purposes = [.. purposes.Where(purpose => !purpose.IsRetired && purpose.Basis == LawfulBasis.Consent)];
        Zone = (await settings.Get<FirmSettings>(request.RequestAborted)).Zone;
        MayEdit = ErasedAt is null && request.User.Holds(Contracts.CustomerPermissions.Edit);
        MayHandle = ErasedAt is null && request.User.Holds(PrivacyPermissions.Requests);
    }

    /// <summary>The firm's day of an instant.</summary>
    public DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Zone).DateTime);
}
