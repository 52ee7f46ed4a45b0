using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Platform.Settings;
using Huike.Statistics.Matching;

namespace Huike.Customers.Duplicates;

/// <summary>What one field says of a pair, as it is kept.</summary>
internal sealed record DuplicateReason(string Field, double? Agreement, double Weight);

/// <summary>
/// Compares all customers with each other, as far as they have anything in common, by weights that it learns from the firm's own; what may be the same comes into the queue.
/// What somebody decided stays decided. Run again, or cut off and run again, it comes to the same.
/// </summary>
internal sealed class CompareCustomers(Database database, SettingsStore settings, JobQueue queue, AuditLog audit, TimeProvider clock) : IJobWorker
{
    public const string KindName = "customers.compare";

    /// <summary>A queue that nobody can look through helps nobody.</summary>
    private const int MostPairs = 200_000;
    private const int Batch = 500;

    public string Kind => KindName;

    public bool CanStop => true;

    public string Permission => DuplicatePermissions.Rules;

    public Task Cancel(Job job, CancellationToken ct) => audit.Change(async connection =>
    {
        _ = await queue.Cancel(connection, job.Id, ct) ?? throw new RuleException("jobs.job.moved");
        return new AuditEntry("duplicates.cancelled");
    }, ct);

    public async Task Run(Job job, Action<double> progress, CancellationToken ct)
    {
        var rules = await settings.Get<DuplicateRules>(ct);
        var (ids, traits) = await Read(ct);
        progress(0.1);
        if (ids.Count < 2) { return; }
        var matcher = new Matcher([.. CustomerTraits.All.Select((field, at) => new MatchField(field.Name, field.Kind, traits[at]))]);
        progress(0.3);
        if (matcher.Learn(ct) is not { } learned) { return; }
        var model = rules.Over(learned);
        progress(0.4);
        var likely = Math.Clamp(rules.QueueFrom / 100.0, 0.01, 0.999999);
        var pairs = matcher.Pairs(model, Math.Log2(likely / (1 - likely)), done => progress(0.4 + (0.5 * Math.Min(1, (double)done / ids.Count))), ct);
        var kept = pairs.Count > MostPairs ? [.. pairs.OrderByDescending(pair => pair.Weight).Take(MostPairs)] : pairs;
        await Write(kept.Select(pair => (ids[pair.A], ids[pair.B], pair.Probability, JsonSerializer.Serialize(matcher.Reasons(model, pair.A, pair.B).Select(reason => new DuplicateReason(reason.Field, reason.Agreement, Math.Round(reason.Weight, 2)))))), learned, ct);
    }

    /// <summary>All that is compared, one list per field, by id.</summary>
    private async Task<(List<long> Ids, List<string?>[] Traits)> Read(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var points = await SharedPoints(connection, ct);
        var (ids, traits) = (new List<long>(), CustomerTraits.All.Select(_ => new List<string?>()).ToArray());
        await using var command = connection.Command("select c.id, c.name, c.phone, c.email, c.credit_code, c.place, c.address from customers_customer c where not exists (select 1 from customers_erasure e where e.customer_id = c.id) order by c.id");
        command.CommandTimeout = 0;
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            var id = row.GetInt64(0);
            string? Shared(int kind, string? own) => points.GetValueOrDefault((id, kind)) ?? own;
            var one = new CustomerTraits(row.GetString(1), Shared(0, row.TextOrNull(2)), Shared(1, row.TextOrNull(3)), row.TextOrNull(4), Shared(2, null), CustomerTraits.Place(row.TextOrNull(5), row.TextOrNull(6)));
            ids.Add(id);
            for (var field = 0; field < traits.Length; field++) { traits[field].Add(CustomerTraits.All[field].Get(one)); }
        }
        return (ids, traits);
    }

    /// <summary>Of customers with several phones, mail addresses or WeChat ids the one that another customer has too.</summary>
    private static async Task<Dictionary<(long Customer, int Kind), string>> SharedPoints(DbConnection connection, CancellationToken ct)
    {
        var rows = await connection.Rows($"""
            select p.customer_id, p.kind, p.value, case when exists (select 1 from customers_contact_point o where o.value = p.value and o.customer_id <> p.customer_id)
                or (p.kind = 0 and exists (select 1 from customers_customer c where coalesce(c.phone, '') = p.value and c.id <> p.customer_id))
                or (p.kind = 1 and exists (select 1 from customers_customer c where {CustomerTraits.EmailSql(connection.Kind(), "c.email")} = p.value and c.id <> p.customer_id)) then 1 else 0 end
            from customers_contact_point p order by p.customer_id, p.kind, p.is_preferred desc, p.id
            """, row => (Key: (row.GetInt64(0), (int)row.GetInt16(1)), Value: row.GetString(2), IsShared: Convert.ToInt32(row.GetValue(3), CultureInfo.InvariantCulture) == 1), ct);
        return rows.GroupBy(row => row.Key).ToDictionary(group => group.Key, group => (group.FirstOrDefault(row => row.IsShared) is { Value: { } shared } ? shared : group.First().Value));
    }

    /// <summary>Pairs that are found anew come in, known ones are weighed anew, those that nothing speaks for any more go.</summary>
    private async Task Write(IEnumerable<(long A, long B, double Score, string Reasons)> pairs, LinkModel learned, CancellationToken ct)
    {
        var began = clock.GetUtcNow();
        foreach (var batch in pairs.Chunk(Batch))
        {
            await InTurn(async connection =>
            {
                foreach (var (a, b, score, reasons) in batch)
                {
                    // Who was removed meanwhile is in no pair.
                    await connection.Run($"""
                        insert into customers_duplicate (a_id, b_id, score, reasons, state, found_at) select a.id, b.id, @score, @reasons, 0, @at from customers_customer a, customers_customer b where a.id = @a and b.id = @b
                        on conflict (a_id, b_id) do update set score = excluded.score, reasons = excluded.reasons, found_at = excluded.found_at
                        """, ct, ("a", a), ("b", b), ("score", score), ("reasons", reasons), ("at", began));
                }
            }, ct);
        }
        await InTurn(async connection =>
        {
            await connection.Run("delete from customers_duplicate where state = 0 and (found_at < @at or a_id in (select customer_id from customers_erasure) or b_id in (select customer_id from customers_erasure))", ct, ("at", began));
            await LearnedWeights.Write(connection, learned, began, ct);
        }, ct);
    }

    private async Task InTurn(Func<DbConnection, Task> work, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await work(connection);
        await transaction.CommitAsync(ct);
    }
}
