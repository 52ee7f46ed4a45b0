using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Customers.Relationships.Bonds;
using Huike.Customers.Relationships.Health;
using Huike.Customers.Relationships.Plans;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Relationships;

/// <summary>A touch that a customer is to get.</summary>
/// <param name="Touch">Of the plan.</param>
/// <param name="On">By when.</param>
/// <param name="IsOpen">Its task is there already.</param>
internal sealed record ComingTouch(Touch Touch, DateOnly On, bool IsOpen);

/// <summary>客户关系 of one customer: what the card shows.</summary>
/// <param name="Type">Set and suggested.</param>
/// <param name="Health">Each indicator; null: unknown.</param>
/// <param name="Facts">What they were computed from.</param>
/// <param name="Touches">The nearest first.</param>
/// <param name="Today">In the firm's zone.</param>
internal sealed record Relationship(TypeOfCustomer Type, IReadOnlyList<(Indicator Indicator, int? Value)> Health, HealthFacts Facts, IReadOnlyList<ComingTouch> Touches, DateOnly Today)
{
    public int Overdue => Touches.Count(touch => touch.IsOpen && touch.On < Today);
}

/// <summary>What the page shows.</summary>
internal sealed record RelationshipView(long CustomerId, string Name, Relationship Now)
{
    public required ListWording Words { get; init; }

    /// <summary>Of whom nothing is left to change nobody may.</summary>
    public required bool MayEdit { get; init; }

    public required IReadOnlyList<Bond> Bonds { get; init; }

    public required IReadOnlyList<Moment> Moments { get; init; }

    public required RetentionPlan? Plan { get; init; }

    /// <summary>Open steps of the retention plan.</summary>
    public required IReadOnlyList<OpenStep> Steps { get; init; }

    /// <summary>Kinds of bonds that the facts point to, and that nobody wrote down; with the text key that says why, and its value.</summary>
    public required IReadOnlyList<(BondKind Kind, string Why, int Value)> Offered { get; init; }

    /// <summary>The indicator that is opened; null: none.</summary>
    public Indicator? Opened { get; init; }

    /// <summary>The facts behind it.</summary>
    public IReadOnlyList<HealthFact> Facts { get; init; } = [];

    /// <summary>What was wrong with what was sent; null: nothing.</summary>
    public string? Error { get; init; }

    public string Path => RelationshipEndpoints.PathOf(CustomerId);
}

/// <summary>Reads a customer's relationship.</summary>
internal sealed class ReadRelationship(Database database, RelationshipTypes types, Occurrences occurrences, RecordPolicy policy, SettingsStore settings, Shown<Relationship> shown)
{
    public async Task<Relationship> Run(long customerId, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        return await Run(connection, customerId, ct);
    }

    /// <summary>The page.</summary>
    /// <exception cref="RuleException"><c>customers.customer.unknown</c>, <c>access.record.refused</c>.</exception>
    public async Task<RelationshipView> Page(HttpContext http, Texts texts, long customerId, Indicator? opened, CancellationToken ct)
    {
        var (viewer, firm) = (Viewer.Internal(http), await settings.Get<FirmSettings>(ct));
        await using var connection = await database.Open(ct);
        var now = await Run(connection, customerId, ct);
        var name = await connection.First("select coalesce(nullif(name, ''), number) from customers_customer where id = @id", row => row.GetString(0), ct, ("id", customerId)) ?? throw new RuleException("customers.customer.unknown", customerId);
        var bonds = await Bond.Of(connection, customerId, ct);
        return new(customerId, name, now)
        {
            Words = new(texts, firm.Currency, firm.Zone),
            MayEdit = await Erasures.ErasedNumbers.ErasedAt(connection, customerId, ct) is null && (await policy.Allowed(connection, http.User.Access(), CustomerPermissions.Records, customerId, ct)).Contains(RecordAction.Edit),
            Bonds = bonds,
            Moments = await Moment.Of(connection, customerId, firm.Zone, ct),
            Plan = await RetentionPlan.Of(connection, customerId, ct),
            Steps = await connection.Rows("select id, what, due_at, created_by from customers_next_step where customer_id = @id and plan_id is not null and done_at is null order by due_at, id limit 50",
                row => new OpenStep(row.GetInt64(0), row.GetString(1), row.At(2), row.GetString(3)), ct, ("id", customerId)),
            Offered = await Offered(connection, customerId, bonds, ct),
            Opened = opened,
            Facts = opened is { } indicator ? await ReadHealth.Behind(connection, indicator, customerId, viewer, occurrences.Now, ct) : [],
        };
    }

    private async Task<Relationship> Run(DbConnection connection, long customerId, CancellationToken ct)
    {
        var type = await types.Of(connection, customerId, ct);
        var (now, zone) = (occurrences.Now, (await settings.Get<FirmSettings>(ct)).Zone);
        var facts = await ReadHealth.Facts(connection, customerId, now, ct);
        return shown.Value = new(type, [.. Enum.GetValues<Indicator>().Select(indicator => (indicator, RelationshipHealth.Of(indicator, facts)))], facts,
            await Touches(connection, customerId, type.InForce, zone, ct), DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime));
    }

    private async Task<List<ComingTouch>> Touches(DbConnection connection, long customerId, RelationshipType? type, TimeZoneInfo zone, CancellationToken ct)
    {
        var all = await Touch.All(connection, ct);
        var coming = await connection.Rows("select touch_id, due_at from customers_next_step where customer_id = @id and touch_id is not null and done_at is null order by due_at, id limit 50",
            row => (Touch: row.GetInt64(0), On: DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(row.At(1), zone).DateTime)), ct, ("id", customerId));
        var touches = coming.Join(all, one => one.Touch, touch => touch.Id, (one, touch) => new ComingTouch(touch, one.On, IsOpen: true)).ToList();
        foreach (var touch in all.Where(touch => touch.Type == type && !coming.Exists(one => one.Touch == touch.Id)))
        {
            foreach (var one in await occurrences.Of(connection, touch, 0, 1, customerId, ct))
            {
                var key = PlanTouches.KeyOf(touch, one);
                if (await occurrences.Due(touch, one, ahead: true, ct) is { } day && await connection.Number("select id from customers_next_step where form_key = @key", ct, ("key", key)) == 0) { touches.Add(new(touch, day, IsOpen: false)); }
            }
        }
        return [.. touches.OrderBy(touch => touch.On)];
    }

    /// <summary>People whom we know there and relations hold socially; fields of what they wish tell of what is made for them.</summary>
    private static async Task<List<(BondKind, string, int)>> Offered(DbConnection connection, long customerId, List<Bond> bonds, CancellationToken ct)
    {
        var people = (int)await connection.Number("select (select count(*) from customers_post where customer_id = @id) + (select count(*) from customers_relation where @id in (customer_id, other_id))", ct, ("id", customerId));
        var wishes = (int)await connection.Number("select count(*) from customers_customer where id = @id and coalesce(requirements, '') <> ''", ct, ("id", customerId));
        return [.. new[] { (Kind: BondKind.Social, "relationship.bond.whySocial", Value: people), (Kind: BondKind.Customised, "relationship.bond.whyCustomised", Value: wishes) }
            .Where(offer => offer.Value > 0 && !bonds.Exists(bond => bond.Kind == offer.Kind))];
    }
}
