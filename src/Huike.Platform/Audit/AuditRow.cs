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
    public const string Columns = "id, at, actor, address, action, record_kind, record_id, changes, reason, previous_hash, hash";

    /// <summary>
    /// SHA-256 over all of it, as hexadecimal digits. Each part stands behind its length, so that no two rows read the same.
    /// </summary>
    public string Hash()
    {
        var text = new StringBuilder();
        foreach (var part in new[] { Number(Id), Number(At.ToUnixTimeMilliseconds()), Actor, Address, Action, Kind, Number(Record), Changes, Reason, Previous })
        {
            text.Append(Number(part.Length)).Append(':').Append(part);
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Reads the columns in their order.</summary>
    /// <returns>The row and the hash that is kept with it.</returns>
    public static (AuditRow Row, string Hash) Map(DbDataReader row) => (new(row.GetInt64(0), row.At(1), row.GetString(2), row.GetString(3), row.GetString(4),
        row.GetString(5), row.GetInt64(6), row.GetString(7), row.GetString(8), row.GetString(9)), row.GetString(10));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
