using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Huike.Customers.Processing;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Consents;

/// <summary>How a fact of the ledger stands.</summary>
internal enum ConsentState
{
    Given = 1,
    Withdrawn = 2,

    /// <summary>Given, and no newer fact for the purpose on its channel, or on all of them.</summary>
    InForce = 3,
}

/// <summary>Which facts of the ledger are asked for.</summary>
/// <param name="CustomerId">Of one customer; null: of all.</param>
/// <param name="Channel">Null: any.</param>
/// <param name="Purpose">By its code; null: any.</param>
/// <param name="State">Null: any.</param>
/// <param name="From">First day; null: from the beginning.</param>
/// <param name="To">Last day; null: until now.</param>
/// <param name="Before">The page begins after this fact, by moment and number; null: with the newest.</param>
internal sealed record LedgerQuery(long? CustomerId, ContactChannel? Channel, string? Purpose, ConsentState? State, DateOnly? From, DateOnly? To, (DateTimeOffset At, long Id)? Before)
{
    /// <exception cref="RuleException"><c>customers.filter.wrong</c>, <c>customers.cursor.wrong</c>.</exception>
    public static LedgerQuery Read(IQueryCollection query, long? customerId)
    {
        var (from, to) = (Day("from"), Day("to"));
        if (from > to) { throw new RuleException("customers.filter.wrong", "to", query["to"].ToString()); }
        return new(customerId, Named<ContactChannel>("channel"), query["purpose"].ToString() is { Length: > 0 and <= 100 } purpose ? purpose : null, Named<ConsentState>("state"), from, to, Cursor(query["before"].ToString()));

        T? Named<T>(string name) where T : struct, Enum => query[name].ToString() is not { Length: > 0 } text ? null
            : Enum.GetValues<T>().Any(value => CustomerFilter.Kebab(value) == text) ? TypedText.Chosen<T>(text, "customers.filter.wrong") : throw new RuleException("customers.filter.wrong", name, text[..Math.Min(text.Length, 20)]);

        DateOnly? Day(string name) => query[name].ToString() is not { Length: > 0 } text ? null
            : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1970 and < 9000 ? day : throw new RuleException("customers.filter.wrong", name, text[..Math.Min(text.Length, 20)]);
    }

    /// <summary>The conditions as pairs of an address.</summary>
    public IEnumerable<(string Name, string Value)> Pairs()
    {
        if (Channel is { } channel) { yield return ("channel", CustomerFilter.Kebab(channel)); }
        if (Purpose is { } purpose) { yield return ("purpose", purpose); }
        if (State is { } state) { yield return ("state", CustomerFilter.Kebab(state)); }
        if (From is { } from) { yield return ("from", from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)); }
        if (To is { } to) { yield return ("to", to.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)); }
    }

    public static string Written(LedgerLine line) => string.Create(CultureInfo.InvariantCulture, $"{line.Fact.At.UtcTicks}-{line.Fact.Id}");

    private static (DateTimeOffset, long)? Cursor(string text) => text.Length == 0 ? null
        : text.Split('-') is [var ticks, var id] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTime.MaxValue.Ticks && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (new DateTimeOffset(at, TimeSpan.Zero), number) : throw new RuleException("customers.cursor.wrong");
}

/// <summary>A fact with whose it is, and the words that were shown.</summary>
internal sealed record LedgerLine(Consent Fact, long CustomerId, string Customer, string? Chinese, string? English);

/// <summary>同意台账: every consent that was ever given or withdrawn, and whether one holds.</summary>
internal sealed class ConsentLedger(Database database, Register register, SettingsStore settings)
{
    public const int Most = 50;

    /// <summary>Whether the firm may use a channel for a purpose that rests on consent. Without it no marketing message leaves.</summary>
    /// <param name="connection">Where; inside the transaction that sends, so that a withdrawal before it is seen.</param>
    /// <param name="customerId">To whom.</param>
    /// <param name="channel">By which way; all: by each of them.</param>
    /// <param name="purpose">Code of the purpose.</param>
    /// <param name="now">The present instant.</param>
    /// <param name="ct">Ends the read.</param>
    /// <returns>False where nothing was said, where it was withdrawn, where the purpose is retired or unknown, and for who was erased.</returns>
    public static async Task<bool> Allows(DbConnection connection, long customerId, ContactChannel channel, string purpose, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var one in channel == ContactChannel.All ? Enum.GetValues<ContactChannel>().Where(each => each != ContactChannel.All) : [channel])
        {
            var given = await connection.First("""
                select c.given from customers_consent c join customers_purpose p on p.id = c.purpose_id
                where c.customer_id = @id and p.code = @purpose and p.retired_at is null and c.channel in (0, @channel) and c.at <= @now
                and not exists (select 1 from customers_erasure gone where gone.customer_id = c.customer_id) order by c.at desc, c.id desc limit 1
                """, row => row.GetBoolean(0), ct, ("id", customerId), ("purpose", purpose), ("channel", one), ("now", now));
            if (!given) { return false; }
        }
        return true;
    }

    /// <summary>A page, newest first; one more than <see cref="Most"/> where there are more.</summary>
    public async Task<List<LedgerLine>> Page(LedgerQuery query, Viewer viewer, CancellationToken ct)
    {
        var lines = new List<LedgerLine>();
        await foreach (var line in Read(query, viewer, Most + 1, ct)) { lines.Add(line); }
        return lines;
    }

    /// <summary>All of them, streamed.</summary>
    public async IAsyncEnumerable<LedgerLine> Read(LedgerQuery query, Viewer viewer, int? limit, [EnumeratorCancellation] CancellationToken ct)
    {
        var purposes = (await register.All(ct)).ToDictionary(purpose => purpose.Id);
        var zone = (await settings.Get<FirmSettings>(ct)).Zone;
        var (tests, parameters) = (new List<string> { viewer.Sql("cu") }, viewer.Parameters.ToList());
        On(query.CustomerId, "c.customer_id = @customer", "customer");
        On(query.Channel, "c.channel in (0, @channel)", "channel");
        On(query.Purpose, "c.purpose_id in (select id from customers_purpose where code = @purpose)", "purpose");
        On(query.From is { } from ? LocalDay.Begin(from, zone) : null, "c.at >= @from", "from");
        On(query.To is { } to ? LocalDay.End(to, zone) : null, "c.at <= @to", "to");
        On(query.Before?.At, "(c.at, c.id) < (@before, @beforeId)", "before");
        if (query.Before is { } before) { parameters.Add(("beforeId", before.Id)); }
        On(query.State is null ? null : query.State != ConsentState.Withdrawn, "c.given = @given", "given");
        if (query.State == ConsentState.InForce)
        {
            tests.Add("not exists (select 1 from customers_consent newer where newer.customer_id = c.customer_id and newer.purpose_id = c.purpose_id and newer.channel in (0, c.channel) and (newer.at, newer.id) > (c.at, c.id))");
            tests.Add("not exists (select 1 from customers_erasure gone where gone.customer_id = c.customer_id)");
        }
        await using var connection = await database.Open(ct);
        await using var command = connection.Command($"""
            select c.id, c.purpose_id, c.channel, c.given, t.version, c.at, c.way, c.proof, c.created_by, c.customer_id, case when cu.name <> '' then cu.name else cu.number end, t.chinese, t.english
            from customers_consent c join customers_customer cu on cu.id = c.customer_id left join customers_consent_text t on t.id = c.text_id
            where {string.Join(" and ", tests)} order by c.at desc, c.id desc{(limit is null ? "" : $" limit {limit}")}
            """, [.. parameters]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) { yield return new(Consent.Map(reader, purposes), reader.GetInt64(9), reader.GetString(10), reader.TextOrNull(11), reader.TextOrNull(12)); }

        void On(object? value, string test, string name)
        {
            if (value is null) { return; }
            tests.Add(test);
            parameters.Add((name, value));
        }
    }
}
