using System.Data.Common;
using Huike.Customers.Processing;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Customers.Consents;

/// <summary>Publishes a new version of a purpose's consent text; consents from then on are to it.</summary>
internal sealed class PublishText(Register register, AuditLog audit, TimeProvider clock)
{
    private const int Longest = 4_000;

    /// <param name="purposeId">What for.</param>
    /// <param name="chinese">1–4,000 characters.</param>
    /// <param name="english">1–4,000 characters.</param>
    /// <param name="by">Who publishes.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>privacy.text.length</c>, <c>privacy.text.same</c>: nothing is different; <c>privacy.purpose.unknown</c>.</exception>
    public async Task Run(long purposeId, string? chinese, string? english, string by, CancellationToken ct)
    {
        var (zh, en) = (TypedText.Clean(chinese), TypedText.Clean(english));
        if (zh.Length is 0 or > Longest || en.Length is 0 or > Longest) { throw new RuleException("privacy.text.length", Longest); }
        var purpose = await register.Find(purposeId, ct);
        await audit.Change(async connection =>
        {
            // Holds the purpose, so that two versions don't get one number.
            await connection.Run("update customers_purpose set version = version where id = @id", ct, ("id", purposeId));
            var newest = await ConsentText.Newest(connection, purposeId, ct);
            if (newest is not null && (newest.Chinese, newest.English) == (zh, en)) { throw new RuleException("privacy.text.same"); }
            var (_, version) = await Add(connection, purpose, (zh, en), (newest?.Version ?? 0) + 1, by, clock.GetUtcNow(), ct);
            return new AuditEntry("consent-text.published") { Kind = Audited.Purposes.Name, Record = purposeId, Changes = [AuditChange.Is("version", version), new("chinese", newest?.Chinese, zh), new("english", newest?.English, en)] };
        }, ct);
    }

    /// <summary>The text in force, in the caller's transaction. What comes with the program is published as version 1 when it is first used.</summary>
    /// <exception cref="RuleException"><c>privacy.text.none</c>: there is none, nor does one come with the program.</exception>
    public static async Task<(long Id, int Version)> InForce(DbConnection connection, Purpose purpose, string by, DateTimeOffset now, CancellationToken ct)
    {
        await connection.Run("update customers_purpose set version = version where id = @id", ct, ("id", purpose.Id));
        if (await ConsentText.Newest(connection, purpose.Id, ct) is { } newest) { return (newest.Id, newest.Version); }
        return ConsentText.Shipped(purpose) is { } shipped ? await Add(connection, purpose, shipped, 1, by, now, ct) : throw new RuleException("privacy.text.none");
    }

    private static async Task<(long Id, int Version)> Add(DbConnection connection, Purpose purpose, (string Chinese, string English) text, int version, string by, DateTimeOffset now, CancellationToken ct) =>
        (await connection.Number("""
            insert into customers_consent_text (purpose_id, version, chinese, english, created_at, created_by) values (@purpose, @version, @zh, @en, @at, @by) returning id
            """, ct, ("purpose", purpose.Id), ("version", version), ("zh", text.Chinese), ("en", text.English), ("at", now), ("by", by)), version);
}
