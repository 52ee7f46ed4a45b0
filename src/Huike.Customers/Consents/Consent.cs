using System.Data.Common;
using Huike.Customers.Processing;
using Huike.Platform.Data;

namespace Huike.Customers.Consents;

/// <summary>Ways to reach a customer.</summary>
internal enum ContactChannel
{
    /// <summary>All of them.</summary>
    All = 0,

    Phone = 1,
    Sms = 2,
    Email = 3,
    WeChat = 4,
    Post = 5,
}

/// <summary>How a consent came to us, or its withdrawal.</summary>
internal enum ConsentWay
{
    Form = 1,
    Call = 2,
    Paper = 3,
    Web = 4,
    Import = 5,
}

/// <summary>A fact of the ledger: given or withdrawn, then, by these words. Never changed: withdrawing is a fact of its own.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Purpose">What for.</param>
/// <param name="Channel">On which channel.</param>
/// <param name="Given">False: withdrawn.</param>
/// <param name="TextVersion">Version of the text that was shown; null where none was, as for a withdrawal.</param>
/// <param name="At">When.</param>
/// <param name="Way">How.</param>
/// <param name="Proof">Number of a recording, name of a document; empty where there is none.</param>
/// <param name="By">Who wrote it down.</param>
internal sealed record Consent(long Id, Purpose Purpose, ContactChannel Channel, bool Given, int? TextVersion, DateTimeOffset At, ConsentWay Way, string Proof, string By)
{
    private static readonly ContactChannel[] Single = [.. Enum.GetValues<ContactChannel>().Where(channel => channel != ContactChannel.All)];

    /// <summary>A customer's facts, newest first; the last three hundred.</summary>
    public static async Task<List<Consent>> Of(DbConnection connection, long customerId, IReadOnlyList<Purpose> purposes, CancellationToken ct)
    {
        var byId = purposes.ToDictionary(purpose => purpose.Id);
        return await connection.Rows("""
            select c.id, c.purpose_id, c.channel, c.given, t.version, c.at, c.way, c.proof, c.created_by
            from customers_consent c left join customers_consent_text t on t.id = c.text_id where c.customer_id = @id order by c.at desc, c.id desc limit 300
            """, row => Map(row, byId), ct, ("id", customerId));
    }

    /// <summary>Reads number, purpose, channel, given, version of the text, moment, way, proof and who wrote it down, in this order.</summary>
    public static Consent Map(DbDataReader row, IReadOnlyDictionary<long, Purpose> purposes) => new(row.GetInt64(0), purposes[row.GetInt64(1)], (ContactChannel)row.GetInt16(2), row.GetBoolean(3), row.IsDBNull(4) ? null : row.GetInt32(4), row.At(5),
        (ConsentWay)row.GetInt16(6), row.GetString(7), row.GetString(8));

    /// <summary>What holds now: for each purpose the facts that decide, each with the channels that it decides. On a channel the newest fact of it, or of all channels, does.</summary>
    public static IReadOnlyList<(Consent Fact, IReadOnlyList<ContactChannel> Channels)> InForce(IReadOnlyList<Consent> newestFirst) =>
        [.. newestFirst.GroupBy(fact => fact.Purpose.Id).OrderBy(purpose => purpose.Key).SelectMany(purpose => Single
            .Select(channel => (Channel: channel, Fact: purpose.FirstOrDefault(fact => fact.Channel == channel || fact.Channel == ContactChannel.All)))
            .Where(one => one.Fact is not null)
            .GroupBy(one => one.Fact!, one => one.Channel)
            .Select(fact => (fact.Key, (IReadOnlyList<ContactChannel>)(fact.Count() == Single.Length ? [ContactChannel.All] : [.. fact]))))];
}
