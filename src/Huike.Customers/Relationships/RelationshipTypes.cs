using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Parts;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Platform.Settings;

namespace Huike.Customers.Relationships;

/// <summary>A type that somebody set.</summary>
internal sealed record SetType(RelationshipType Type, string Reason, DateTimeOffset At, string By);

/// <summary>What type of relationship a customer has.</summary>
/// <param name="Set">By hand; null: nobody did.</param>
/// <param name="Suggested">By the figures; null: nothing was bought.</param>
/// <param name="InForce">The one that the plan goes by; null: none.</param>
internal sealed record TypeOfCustomer(SetType? Set, Suggestion? Suggested, RelationshipType? InForce);

/// <summary>关系类型 of customers: what is suggested, what was set, and what follows.</summary>
internal sealed class RelationshipTypes(SettingsStore settings, Remembered remembered)
{
    /// <summary>Name under which it stands among a customer's changes.</summary>
    public const string Field = "relationship";

    /// <summary>What is suggested in each tier. The pass over the standings is remembered for a while.</summary>
    public async Task<IReadOnlyList<Suggestion>> Suggestions(DbConnection connection, CancellationToken ct)
    {
        var segments = await remembered.Get("relationship-segments", () => connection.Rows(
            "select tier, count(*), cast(sum(contribution) as bigint) from customers_standing where tier > 0 group by tier order by tier", row => new Segment((Tier)row.GetInt32(0), row.GetInt64(1), row.Amount(2)), ct));
        return RelationshipMatrix.Suggest(segments, await settings.Get<RelationshipRules>(ct));
    }

    public async Task<TypeOfCustomer> Of(DbConnection connection, long customerId, CancellationToken ct)
    {
        var set = await connection.First("select type, reason, created_at, created_by from customers_relationship where customer_id = @id",
            row => new SetType((RelationshipType)row.GetInt16(0), row.GetString(1), row.At(2), row.GetString(3)), ct, ("id", customerId));
        var tier = (Tier)await connection.Number("select tier from customers_standing where customer_id = @id", ct, ("id", customerId));
        var suggested = tier == Tier.None ? null : (await Suggestions(connection, ct)).FirstOrDefault(one => one.Segment.Tier == tier);
        return new(set, suggested, set?.Type ?? ((await settings.Get<RelationshipRules>(ct)).AppliesSuggestions ? suggested?.Type : null));
    }

    /// <summary>Least days between contacts of ours with a customer, by the type in force; null: the firm's rule of contacts holds.</summary>
    public async Task<int?> LeastDays(DbConnection connection, long customerId, CancellationToken ct) =>
        (await Of(connection, customerId, ct)).InForce is { } type ? (await settings.Get<RelationshipRules>(ct)).LeastDays(type) : null;

    /// <summary>Customers <c>c</c> with their type in force, for a statement: tables to join, and the type.</summary>
    public async Task<(string Tables, string Type)> Sql(DbConnection connection, CancellationToken ct)
    {
        if (!(await settings.Get<RelationshipRules>(ct)).AppliesSuggestions) { return ("customers_relationship r join customers_customer c on c.id = r.customer_id", "r.type"); }
        // Numbers of ours: nothing foreign gets into the text.
        var cases = string.Concat((await Suggestions(connection, ct)).Select(one => string.Create(CultureInfo.InvariantCulture, $" when {(int)one.Segment.Tier} then {(int)one.Type}")));
        return ("customers_customer c left join customers_relationship r on r.customer_id = c.id left join customers_standing s on s.customer_id = c.id", cases.Length == 0 ? "r.type" : $"coalesce(r.type, case s.tier{cases} end)");
    }
}

/// <summary>Sets the type of a customer's relationship, or leaves it to the suggestion again.</summary>
internal sealed class SetRelationship(WriteOnFile write, JobQueue jobs)
{
    private const int Longest = 400;

    /// <param name="writer">Who writes, and on whose file.</param>
    /// <param name="type">Name of the type as addresses write it; empty: as suggested.</param>
    /// <param name="reason">1–400 characters.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>relationship.type.wrong</c>, <c>relationship.type.reason</c>, <c>access.record.refused</c>; those of <see cref="WriteOnFile.Run"/>.</exception>
    public Task Run(FileWriter writer, string? type, string? reason, CancellationToken ct)
    {
        var wanted = TypedText.Clean(type) is { Length: > 0 } named ? TypedText.Chosen<RelationshipType>(named, "relationship.type.wrong") : (RelationshipType?)null;
        var words = TypedText.Clean(reason);
        if (words.Length is 0 or > Longest) { throw new RuleException("relationship.type.reason", Longest); }
        if (!writer.Viewer.SeesInternal) { throw new RuleException("access.record.refused"); }
        return write.Run(writer, async file =>
        {
            var old = await file.Connection.First("select type, reason from customers_relationship where customer_id = @id", row => (Type: (RelationshipType)row.GetInt16(0), Reason: row.GetString(1)), ct, ("id", file.CustomerId));
            var was = old.Reason is null ? (RelationshipType?)null : old.Type;
            if (was == wanted && (wanted is null || old.Reason == words)) { return file.CustomerId; }
            await file.Connection.Run("delete from customers_relationship where customer_id = @id", ct, ("id", file.CustomerId));
            if (wanted is { } chosen)
            {
                await file.Connection.Run("insert into customers_relationship (customer_id, type, reason, created_at, created_by) values (@id, @type, @reason, @at, @by)", ct,
                    ("id", file.CustomerId), ("type", chosen), ("reason", words), ("at", file.Now), ("by", writer.By));
            }
            await jobs.AddUnlessWaiting(file.Connection, Plans.PlanTouches.KindName, "{}", "", ct);
            file.Tell(RelationshipTypes.Field, Written(was, old.Reason), Written(wanted, words));
            return file.CustomerId;
        }, ct);
    }

    private static string? Written(RelationshipType? type, string? reason) => type is { } set ? $"{CustomerFilter.Kebab(set)} {reason}" : reason is null ? null : $"suggested {reason}";
}
