using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform.Data;
using Huike.Platform.Fields;

namespace Huike.Customers.Merges;

/// <summary>The firm's own fields that link to a customer: they follow the customer into another file, and back.</summary>
internal sealed class MergedLinks(FieldBook fields, IEnumerable<FieldedKind> kinds)
{
    private const string Name = "link ";

    /// <summary>Leads links to another customer.</summary>
    /// <param name="connection">The transaction.</param>
    /// <param name="merge">Where it is written down.</param>
    /// <param name="from">Whom they mean.</param>
    /// <param name="to">Whom they will mean.</param>
    /// <param name="ct">Ends the write.</param>
    public async Task There(DbConnection connection, long merge, long from, long to, CancellationToken ct)
    {
        foreach (var (kind, field) in Links())
        {
            var found = await connection.Rows($"select c.id from {kind.Table} c where {field.Sql("c")} = @value", row => row.GetInt64(0), ct, ("value", Value(from)));
            foreach (var id in found)
            {
                await Set(connection, kind, field, id, to, ct);
                await MoveRows.Keep(connection, merge, (Name + kind.Name + " " + field.Name, id, RowFate.Moved), null, ct);
            }
        }
    }

    /// <summary>Leads them back, but for those that mean somebody else by now.</summary>
    public async Task Back(DbConnection connection, CustomerMerge merge, CancellationToken ct)
    {
        foreach (var (kind, field) in Links())
        {
            var found = await connection.Rows($"select c.id from {kind.Table} c where {field.Sql("c")} = @value and c.id in (select row_id from {CustomerMerge.Rows} where merge_id = @merge and name = @name and what = 0)", row => row.GetInt64(0), ct,
                ("value", Value(merge.SurvivorId)), ("merge", merge.Id), ("name", Name + kind.Name + " " + field.Name));
            foreach (var id in found) { await Set(connection, kind, field, id, merge.AbsorbedId, ct); }
        }
    }

    private IEnumerable<(FieldedKind Kind, CustomField Field)> Links() =>
        kinds.SelectMany(kind => fields.Of(kind.Name).Where(field => field.Type == FieldType.Record && field.Target == CustomerPermissions.Records.Name).Select(field => (kind, field)));

    private static async Task Set(DbConnection connection, FieldedKind kind, CustomField field, long id, long to, CancellationToken ct)
    {
        var values = await connection.First($"select custom from {kind.Table} where id = @id", row => CustomValues.Parse(row.TextOrNull(0)), ct, ("id", id));
        await connection.Run($"update {kind.Table} set custom = @custom, version = version + 1 where id = @id", ct, ("id", id), ("custom", values!.With(field.Name, Value(to)).ToColumn()));
    }

    private static string Value(long id) => string.Create(CultureInfo.InvariantCulture, $"#{id}");
}
