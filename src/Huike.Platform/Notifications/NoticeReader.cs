using System.Data.Common;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;

namespace Huike.Platform.Notifications;

/// <summary>A notice as it stands in its table.</summary>
internal sealed record KeptNotice(long Id, string Kind, string TextKey, string Args, string RecordKind, long RecordId, string Href, int Things, DateTimeOffset ToldAt, DateTimeOffset? ReadAt)
{
    /// <summary>Those of many, where it stands for several things.</summary>
    public const string Columns = "id, kind, case when things > 1 then many_text_key else text_key end, args, record_kind, record_id, case when things > 1 then many_href else href end, things, told_at, read_at";

    public static KeptNotice Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5), row.GetString(6), row.GetInt32(7), row.At(8), row.AtOrNull(9));
}

/// <summary>A notice as somebody reads it.</summary>
/// <param name="Kept">As it stands in its table.</param>
/// <param name="Sentence">In the reader's language.</param>
/// <param name="Href">Where it leads; empty: nowhere.</param>
internal sealed record SaidNotice(KeptNotice Kept, string Sentence, string Href);

/// <summary>Makes sentences of notices, with names of records as far as the reader may see them now.</summary>
internal sealed class NoticeReader(IEnumerable<INameRecords> names, SettingsStore settings)
{
    /// <summary>Where a notice leads: its own address, or that of its record; empty: nowhere.</summary>
    public string HrefOf(KeptNotice notice) => notice.Href.Length > 0 || notice.RecordId == 0 || notice.Things > 1 ? notice.Href : names.FirstOrDefault(one => one.Kind == notice.RecordKind)?.Href(notice.RecordId) ?? "";

    /// <param name="access">Who reads.</param>
    /// <param name="notices">At most some hundreds.</param>
    /// <param name="texts">The reader's language.</param>
    /// <param name="ct">Ends the read.</param>
    public async Task<List<SaidNotice>> Say(UserAccess access, IReadOnlyList<KeptNotice> notices, Texts texts, CancellationToken ct)
    {
        var firm = await settings.Get<FirmSettings>(ct);
        var known = new Dictionary<(string, long), string>();
        foreach (var of in notices.Where(notice => notice is { RecordId: > 0, Things: 1 }).GroupBy(notice => notice.RecordKind))
        {
            if (names.FirstOrDefault(one => one.Kind == of.Key) is not { } namer) { continue; }
            foreach (var (id, name) in await namer.Of(access, [.. of.Select(notice => notice.RecordId).Distinct()], ct)) { known[(of.Key, id)] = name; }
        }
        return [.. notices.Select(notice => new SaidNotice(notice, texts[notice.TextKey, [.. Before(notice), .. NoticeArgs.Read(notice.Args, texts, firm)]], HrefOf(notice)))];

        IEnumerable<object> Before(KeptNotice notice) => notice.Things > 1 ? [notice.Things] : notice.RecordId > 0 ? [known.GetValueOrDefault((notice.RecordKind, notice.RecordId), texts["notice.record.hidden"])] : [];
    }
}
