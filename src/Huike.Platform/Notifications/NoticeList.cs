using System.Globalization;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Ui;
using Huike.Ui.Kit;

namespace Huike.Platform.Notifications;

/// <summary>Which of one's notices are asked for.</summary>
/// <param name="UnreadOnly">Only those that were not read yet.</param>
/// <param name="Before">Told before this one; null: from the newest on.</param>
internal sealed record NoticeQuery(bool UnreadOnly, (DateTimeOffset At, long Id)? Before)
{
    /// <summary>What can't be read is as if it weren't there.</summary>
    public static NoticeQuery Read(string show, string before) => new(show == "unread",
        before.Split('-') is [var ticks, var number] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < DateTimeOffset.MaxValue.UtcTicks
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? (new(at, TimeSpan.Zero), id) : null);

    public string Href() => NoticeEndpoints.Path + (UnreadOnly ? "?show=unread" : "")
        + (Before is { } before ? string.Create(CultureInfo.InvariantCulture, $"{(UnreadOnly ? '&' : '?')}before={before.At.UtcTicks}-{before.Id}") : "");
}

/// <summary>Reads a page of somebody's own notices, newest first, and holds it for the request.</summary>
internal sealed class NoticeList(Database database, NoticeReader reader, Texts texts)
{
    private const int RowsOfPage = 30;

    public NoticeQuery Query { get; private set; } = new(false, null);

    public IReadOnlyList<SaidNotice> Rows { get; private set; } = [];

    /// <summary>Older ones; null where there are none.</summary>
    public string? OlderHref { get; private set; }

    /// <summary>How many were not read yet; at most <see cref="Bell.Most"/> are counted.</summary>
    public int Unread { get; private set; }

    public async Task Read(UserAccess access, NoticeQuery query, CancellationToken ct)
    {
        Query = query;
        await using var connection = await database.Open(ct);
        var rows = await connection.Rows($"""
            select {KeptNotice.Columns} from platform_notice where user_id = @user and in_app = 1{(query.UnreadOnly ? " and read_at is null" : "")}{(query.Before is null ? "" : " and (told_at, id) < (@at, @id)")}
            order by told_at desc, id desc limit {RowsOfPage + 1}
            """, KeptNotice.Map, ct, [("user", access.UserId), .. query.Before is { } before ? ((string, object?)[])[("at", before.At), ("id", before.Id)] : []]);
        Rows = await reader.Say(access, [.. rows.Take(RowsOfPage)], texts, ct);
        OlderHref = rows.Count > RowsOfPage ? (query with { Before = (rows[RowsOfPage - 1].ToldAt, rows[RowsOfPage - 1].Id) }).Href() : null;
        Unread = (int)await connection.Number(CountSql, ct, ("user", access.UserId));
    }

    /// <summary>Counts one's unread notices along their index, and stops where more make no difference.</summary>
    public static readonly string CountSql = string.Create(CultureInfo.InvariantCulture, $"select count(*) from (select 1 from platform_notice where user_id = @user and in_app = 1 and read_at is null limit {Bell.Most}) as counted");
}

/// <summary>The number at the bell.</summary>
internal sealed class CountUnread(Database database) : ICountUnread
{
    public async Task<int> Of(Microsoft.AspNetCore.Http.HttpContext http)
    {
        try
        {
            await using var connection = await database.OpenForShort(http.RequestAborted);
            return (int)await connection.Number(NoticeList.CountSql, http.RequestAborted, ("user", http.User.Access().UserId));
        }
        catch (System.Data.Common.DbException)
        {
            // The bell stands on pages of errors too.
            return 0;
        }
    }
}
