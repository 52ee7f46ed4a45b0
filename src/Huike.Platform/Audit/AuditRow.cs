using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Huike.Platform.Data;

namespace Huike.Platform.Audit;

/// <summary>A link of the chain as it lies in <c>platform_audit</c>.</summary>
/// <param name="Id">1, 2, 3 … without gaps.</param>
/// <param name="At">When, to the millisecond: what both databases keep.</param>
/// <param name="Actor">Who.</param>
/// <param name="Address">From where.</param>
/// <param name="Action">What was done.</param>
/// <param name="Kind">Kind of record.</param>
/// <param name="Record">Its id.</param>
/// <param name="Changes">As <see cref="AuditChange.Write"/> writes them.</param>
/// <param name="Reason">Why.</param>
/// <param name="Previous">Hash of the link before; empty for the first.</param>
internal sealed record AuditRow(long Id, DateTimeOffset At, string Actor, string Address, string Action, string Kind, long Record, string Changes, string Reason, string Previous)
{
    public const string Columns = "id, at, actor, address, action, record_kind, record_id, changes, reason, previous_hash, hash, salt, digest, erased_by";

    /// <summary>Sixteen bytes of chance, so that a digest that stays doesn't give away what was erased; empty in old entries and erased ones.</summary>
    public string Salt { get; init; } = "";

    /// <summary>SHA-256 over salt, changes and reason; empty in entries from before there were digests.</summary>
    public string Digest { get; init; } = "";

    /// <summary>The entry that tells of the erasure of changes and reason; null where they stand.</summary>
    public long? ErasedBy { get; init; }

    /// <summary>The same with salt and digest, as new entries have them.</summary>
    public AuditRow Sealed()
    {
        var salted = this with { Salt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)) };
        return salted with { Digest = salted.DigestNow() };
    }

    /// <summary>
    /// SHA-256 over all of it, as hexadecimal digits. Each part stands behind its length, so that no two rows read the same.
    /// Changes and reason are in it by their digest, in entries from before there were digests by their words.
    /// </summary>
    public string Hash() => Digest.Length > 0
        ? Sha(Parts("2", Number(Id)) + Body() + Parts(Previous))
        : Sha(Parts(Number(Id), Number(At.ToUnixTimeMilliseconds()), Actor, Address, Action, Kind, Number(Record), Changes, Reason, Previous));

    /// <summary>What is hashed of the row itself, between its number and the hash of the one before.</summary>
    public string Body() => Parts(Number(At.ToUnixTimeMilliseconds()), Actor, Address, Action, Kind, Number(Record), Digest);

    /// <summary>SQL of the text that <see cref="Hash"/> hashes, of the row's number, <see cref="Body"/> and the hash before.</summary>
    public static string HashedBy(string id, string body, string previous) => $"'1:2' || length({id}::text) || ':' || {id} || {body} || length({previous}) || ':' || {previous}";

    /// <summary>SHA-256 over what an erasure leaves of the entry, by which the erasure names it.</summary>
    public string Left(string hash) => Sha(Parts("left", Number(Id)) + Body() + Parts(Previous, hash));

    /// <summary>Whether the row agrees with its hash, as far as what is erased leaves something to compare.</summary>
    public bool Holds(string hash) => ErasedBy is null
        ? (Digest.Length == 0 || Digest == DigestNow()) && Hash() == hash
        : Changes == "[]" && Reason.Length == 0 && Salt.Length == 0 && (Digest.Length == 0 || Hash() == hash);

    /// <summary>Reads the columns in their order.</summary>
    /// <returns>The row and the hash that is kept with it.</returns>
    public static (AuditRow Row, string Hash) Map(DbDataReader row) => (new(row.GetInt64(0), row.At(1), row.GetString(2), row.GetString(3), row.GetString(4),
        row.GetString(5), row.GetInt64(6), row.GetString(7), row.GetString(8), row.GetString(9))
    {
        Salt = row.GetString(11),
        Digest = row.GetString(12),
        ErasedBy = row.IsDBNull(13) ? null : row.GetInt64(13),
    }, row.GetString(10));

    private string DigestNow() => Sha(Parts(Salt, Changes, Reason));

    private static string Parts(params ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts) { text.Append(Number(part.Length)).Append(':').Append(part); }
        return text.ToString();
    }

    private static string Sha(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
