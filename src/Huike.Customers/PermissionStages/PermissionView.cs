using Huike.Customers.Contracts;
using Huike.Customers.Stages;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Customers.PermissionStages;

/// <summary>What the card on a customer's file shows: where he stands, since when, and why.</summary>
internal sealed class PermissionView(Database database, SettingsStore settings, TimeProvider clock)
{
    private const int MostSteps = 12;

    /// <summary>The stage that holds, pinned or computed.</summary>
    public PermissionStage Stage { get; private set; }

    /// <summary>The dated history, newest first; the last twelve.</summary>
    public IReadOnlyList<(DateTimeOffset SinceAt, PermissionStage Stage)> Steps { get; private set; } = [];

    /// <summary>What is pinned by hand; null: nothing.</summary>
    public StagePin? Pin { get; private set; }

    /// <summary>The facts behind it.</summary>
    public PermissionFacts Facts { get; private set; } = new();

    /// <summary>Since when a consent holds without a break; null: none does.</summary>
    public DateTimeOffset? PermittedAt { get; private set; }

    /// <summary>Until when his last answer counts; null: none does.</summary>
    public DateTimeOffset? AnsweringUntil { get; private set; }

    /// <summary>He buys loyally now, or speaks for us.</summary>
    public bool BuysLoyally { get; private set; }

    public PermissionRules Rules { get; private set; } = new();

    public async Task Read(long customerId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        Rules = await settings.Get<PermissionRules>(ct);
        await using var connection = await database.Open(ct);
        Facts = (await ReadFacts.Of(connection, "customer_id = @id", Rules, [("id", customerId)], ct)).GetValueOrDefault(customerId, new());
        Steps = await connection.Rows($"select since_at, stage from customers_permission_step where customer_id = @id order by since_at desc limit {MostSteps}", row => (row.At(0), (PermissionStage)row.GetInt16(1)), ct, ("id", customerId));
        Stage = (PermissionStage)await connection.Number("select stage from customers_permission where customer_id = @id", ct, ("id", customerId));
        Pin = await StagePin.Find(connection, StageMachine.Permission, customerId, now, ct);
        var history = new PermissionHistory(Facts, Rules);
        PermittedAt = Now(history.Permitted)?.From;
        AnsweringUntil = Now(history.Answering)?.To;
        BuysLoyally = await connection.Number("select count(*) from customers_standing where customer_id = @id and stage in (@loyal, @advocate)", ct, ("id", customerId), ("loyal", BuyingStage.LoyalBuyer), ("advocate", BuyingStage.Advocate)) > 0;

        Stretch? Now(IReadOnlyList<Stretch> stretches) => stretches.Where(stretch => stretch.Holds(now)).Select(stretch => (Stretch?)stretch).FirstOrDefault();
    }
}
