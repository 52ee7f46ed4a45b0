using System.Globalization;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Platform.Approvals;

/// <summary>Whose approvals are asked for.</summary>
internal enum ApprovalTab
{
    /// <summary>待我审批.</summary>
    Decide = 0,

    /// <summary>我发起的.</summary>
    Asked = 1,

    /// <summary>抄送我的.</summary>
    Copied = 2,
}

/// <summary>A line of the list; the asker by the shown name.</summary>
internal sealed record ListedApproval(long Id, string Flow, string Title, decimal? Amount, string Asker, DateTimeOffset AskedAt, ApprovalState State);

/// <summary>Reads a page of one's approvals, newest first, and holds it for the request.</summary>
internal sealed class ApprovalList(Database database, SettingsStore settings, TimeProvider clock)
{
    private const int RowsOfPage = 30;

    public ApprovalTab Tab { get; private set; }

    public IReadOnlyList<ListedApproval> Rows { get; private set; } = [];

    /// <summary>Number of the last one where older ones follow; null otherwise.</summary>
    public long? Before { get; private set; }

    /// <summary>Older ones; null where there are none.</summary>
    public string? OlderHref => Before is { } before ? string.Create(CultureInfo.InvariantCulture, $"{Href(Tab)}{(Tab == ApprovalTab.Decide ? '?' : '&')}before={before}") : null;

    public FirmSettings Firm { get; private set; } = new();

    public async Task Read(long user, ApprovalTab tab, long before, CancellationToken ct)
    {
        (Tab, Firm) = (tab, await settings.Get<FirmSettings>(ct));
        await using var connection = await database.Open(ct);
        var users = string.Join(',', await StandIns.For(connection, user, clock.GetUtcNow(), ct));
        var mine = tab switch
        {
            ApprovalTab.Asked => "a.asker_id = @user",
            ApprovalTab.Copied => "a.id in (select approval_id from platform_approval_copy where user_id = @user)",
            _ => $"a.id in (select approval_id from platform_approval_seat where state = 1 and user_id in ({users}))",
        };
        var rows = await connection.Rows($"""
            select a.id, f.name, a.title, a.amount, coalesce(nullif(u.display_name, ''), u.user_name), a.asked_at, a.state from platform_approval a join platform_approval_flow f on f.id = a.flow_id join platform_user u on u.id = a.asker_id
            where {mine} and a.id < @before order by a.id desc limit {RowsOfPage + 1}
            """, row => new ListedApproval(row.GetInt64(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.Amount(3), row.GetString(4), row.At(5), (ApprovalState)row.GetInt32(6)), ct, ("user", user), ("before", before));
        Rows = [.. rows.Take(RowsOfPage)];
        Before = rows.Count > RowsOfPage ? rows[RowsOfPage - 1].Id : null;
    }

    public static string Href(ApprovalTab tab) => ApprovalEndpoints.Path + (tab == ApprovalTab.Decide ? "" : "?tab=" + tab.ToString().ToLowerInvariant());
}
