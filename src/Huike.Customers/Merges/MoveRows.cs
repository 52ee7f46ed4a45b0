using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform.Backup;
using Huike.Platform.Data;

namespace Huike.Customers.Merges;

/// <summary>What a merge did with a row.</summary>
internal enum RowFate
{
    /// <summary>It belongs to the survivor now.</summary>
    Moved = 0,

    /// <summary>It is kept with the merge.</summary>
    SetAside = 1,

    /// <summary>The merge made it.</summary>
    Made = 2,
}

/// <summary>Rows of one kind that a merge takes along.</summary>
/// <param name="Name">Of <see cref="PersonalRecords"/>.</param>
/// <param name="Moving">How many go over.</param>
/// <param name="SetAside">How many the survivor has the like of.</param>
internal sealed record RowCount(string Name, long Moving, long SetAside);

/// <summary>Takes the rows of one customer over to another, of all modules, and brings them back: each row that was moved or set aside is written down.</summary>
internal sealed class MoveRows(IEnumerable<PersonalRecords> records)
{
    private readonly List<(PersonalRecords Records, MergeMove Move)> kinds = [.. records.SelectMany(one => new[] { one.Merge, one.AlsoMerge }.OfType<MergeMove>().Select(move => (one, move)))];

    /// <summary>What a merge would do.</summary>
    public async Task<List<RowCount>> Count(DbConnection connection, long survivor, long absorbed, CancellationToken ct)
    {
        var counts = new List<RowCount>();
        foreach (var (one, move) in kinds.Where(kind => !kind.Move.IsSetAside))
        {
            var (all, twins) = await connection.First($"select count(*), coalesce(sum(case when {Twins(one, move)} then 1 else 0 end), 0) from {one.Rows} a where {Theirs(move)}", row => (row.GetInt64(0), Convert.ToInt64(row.GetValue(1), System.Globalization.CultureInfo.InvariantCulture)), ct, ("absorbed", absorbed), ("survivor", survivor));
            if (all > 0) { counts.Add(new(one.Name, all - twins, twins)); }
        }
        return counts;
    }

    /// <summary>All rows of the absorbed one: to the survivor, or into the merge.</summary>
    public async Task There(DbConnection connection, long merge, long survivor, long absorbed, CancellationToken ct)
    {
        (string, object?)[] of = [("merge", merge), ("survivor", survivor), ("absorbed", absorbed), ("yes", true), ("no", false)];
        foreach (var (one, move) in kinds)
        {
            var aside = $"{Theirs(move)} and ({(move.IsSetAside ? "1 = 1" : Twins(one, move))})";
            var kept = await KeptRows.Read(connection, $"{one.Rows} a", aside, ct, of[1..3]);
            for (var i = 0; i < kept.Count; i++) { await Keep(connection, merge, (Name(one, move), i, RowFate.SetAside), kept[i], ct); }
            // The file itself goes last.
            if (kept.Count > 0 && one.Rows != CustomerApi.Table) { await connection.Run($"delete from {one.Rows} as a where {aside}", ct, of); }
            if (move.IsSetAside) { continue; }
            await connection.Run($"insert into {CustomerMerge.Rows} (merge_id, name, row_id, what, flag) select @merge, @name, {move.Key}, 0, {(move.Flag is null ? "null" : move.Flag)} from {one.Rows} a where {Theirs(move)}", ct, [.. of, ("name", Name(one, move))]);
            if (move.Flag is { } flag)
            {
                await connection.Run($"update {one.Rows} as a set {flag} = @no where {Theirs(move)} and {flag} and exists (select 1 from {one.Rows} b where b.{move.Column} = @survivor and b.{flag} and {(move.FlagWithin is { } within ? $"b.{within} = a.{within}" : "1 = 1")})", ct, of);
            }
            await connection.Run($"update {one.Rows} as a set {move.Column} = @survivor where {Theirs(move)}", ct, of);
        }
    }

    /// <summary>What was set aside comes back, and what was moved, but for what has gone since or belongs to somebody else by now.</summary>
    public async Task Back(DbConnection connection, CustomerMerge merge, CancellationToken ct)
    {
        (string, object?)[] of = [("merge", merge.Id), ("survivor", merge.SurvivorId), ("absorbed", merge.AbsorbedId), ("yes", true), ("at", merge.At)];
        // The file first: the others belong to it.
        foreach (var (one, move) in kinds.OrderBy(kind => kind.Records.Rows == CustomerApi.Table ? 0 : 1))
        {
            (string, object?)[] named = [.. of, ("name", Name(one, move))];
            var journal = $"select row_id from {CustomerMerge.Rows} where merge_id = @merge and name = @name and what = 0";
            await connection.Run($"update {one.Rows} set {move.Column} = @absorbed where {move.Column} = @survivor and {move.Where}{(move.MadeAt is { } madeAt ? $" and {madeAt} <= @at" : "")} and {move.Key} in ({journal})", ct, named);
            if (move.Flag is { } flag) { await connection.Run($"update {one.Rows} set {flag} = @yes where {move.Column} = @absorbed and {move.Where}{(move.MadeAt is { } flaggedAt ? $" and {flaggedAt} <= @at" : "")} and {move.Key} in ({journal} and flag)", ct, named); }
            // Whoever computed figures meanwhile may have done so for one who was gone.
            if (move.IsSetAside) { await connection.Run($"delete from {one.Rows} where {move.Column} = @absorbed and {move.Where}", ct, of); }
            await KeptRows.Put(connection, one.Rows, await Kept(connection, merge.Id, Name(one, move), RowFate.SetAside, ct), ct);
        }
    }

    /// <summary>A row that came after a merge goes to the one who is back, unless that one has the like of it.</summary>
    public Task Give(DbConnection connection, CustomerMerge merge, string name, long row, CancellationToken ct)
    {
        var (one, move) = kinds.Find(kind => Name(kind.Records, kind.Move) == name);
        return connection.Run($"update {one.Rows} as a set {move.Column} = @survivor{(move.Flag is { } flag ? $", {flag} = @no" : "")} where {Theirs(move)} and {move.Key} = @row and not {Twins(one, move)}", ct,
            ("survivor", merge.AbsorbedId), ("absorbed", merge.SurvivorId), ("row", row), ("no", false));
    }

    /// <summary>Writes down what became of a row.</summary>
    public static Task Keep(DbConnection connection, long merge, (string Name, long Row, RowFate What) of, string? kept, CancellationToken ct) => connection.Run(
        $"insert into {CustomerMerge.Rows} (merge_id, name, row_id, what, kept) values (@merge, @name, @row, @what, @kept)", ct, ("merge", merge), ("name", of.Name), ("row", of.Row), ("what", of.What), ("kept", kept));

    /// <summary>Rows that the merge keeps.</summary>
    public static Task<List<string>> Kept(DbConnection connection, long merge, string name, RowFate what, CancellationToken ct) => connection.Rows(
        $"select kept from {CustomerMerge.Rows} where merge_id = @merge and name = @name and what = @what and kept is not null order by row_id", row => row.GetString(0), ct, ("merge", merge), ("name", name), ("what", what));

    private static string Theirs(MergeMove move) => $"a.{move.Column} = @absorbed and {move.Where}";

    private static string Twins(PersonalRecords one, MergeMove move) => $"({move.Apart} or {(move.Twin == "1 = 0" ? move.Twin : $"exists (select 1 from {one.Rows} b where b.{move.Column} = @survivor and {move.Where} and {move.Twin})")})";

    /// <summary>Under which a merge's rows of the kind are written down.</summary>
    private static string Name(PersonalRecords one, MergeMove move) => ReferenceEquals(move, one.AlsoMerge) ? one.Name + "." + move.Column : one.Name;
}
