using System.Data.Common;
using System.Text.Json;
using Huike.Platform.Data;
using Huike.Platform.Settings;

namespace Huike.Platform.Approvals;

/// <summary>An act as the page tells it.</summary>
/// <param name="Act">Name of the act.</param>
/// <param name="By">Shown name.</param>
/// <param name="For">Shown name of whom a deputy stood in for; null: nobody.</param>
/// <param name="To">Shown name of who was added; null: nobody.</param>
/// <param name="Comment">May be empty.</param>
/// <param name="Asked">What was asked then; null for other acts.</param>
/// <param name="At">When.</param>
internal sealed record ToldAct(string Act, string By, string? For, string? To, string Comment, ApprovalAsked? Asked, DateTimeOffset At);

/// <summary>Reads one approval for its page, and holds it for the request.</summary>
internal sealed class ApprovalView(Database database, SettingsStore settings, TimeProvider clock)
{
    private const int MostActs = 500;

    public Approval Shown { get; private set; } = default!;

    public string Flow { get; private set; } = "";

    public IReadOnlyDictionary<long, string> Names { get; private set; } = new Dictionary<long, string>();

    public IReadOnlyList<ToldAct> Acts { get; private set; } = [];

    public IReadOnlyList<string> Copied { get; private set; } = [];

    public FirmSettings Firm { get; private set; } = new();

    /// <summary>Whether the looker may decide now, and for whom as deputy; empty: for himself.</summary>
    public (bool MayDecide, string For) Turn { get; private set; }

    public bool IsAsker { get; private set; }

    /// <param name="id">Which approval.</param>
    /// <param name="user">Who looks.</param>
    /// <param name="keepsFlows">May look at all.</param>
    /// <param name="ct">Ends the read.</param>
    /// <exception cref="RuleException"><c>approvals.unknown</c>: there is none that the user may look at.</exception>
    public async Task Read(long id, long user, bool keepsFlows, CancellationToken ct)
    {
        Firm = await settings.Get<FirmSettings>(ct);
        await using var connection = await database.Open(ct);
        var users = await StandIns.For(connection, user, clock.GetUtcNow(), ct);
        if (!keepsFlows && !await Approval.IsOpenTo(connection, id, users, ct)) { throw new RuleException("approvals.unknown"); }
        Shown = await Approval.Find(connection, id, ct) ?? throw new RuleException("approvals.unknown");
        IsAsker = Shown.AskerId == user;
        Flow = (await ApprovalFlow.Find(connection, Shown.FlowId, Shown.FlowVersion, ct)).Name;
        await ReadHistory(connection, id, ct);
        var seat = users.Take(IsAsker ? 1 : users.Count).FirstOrDefault(Shown.Run.Due.Contains);
        Turn = (seat != 0, seat == 0 || seat == user ? "" : Names.GetValueOrDefault(seat, ""));
    }

    private async Task ReadHistory(DbConnection connection, long id, CancellationToken ct)
    {
        const string name = "coalesce(nullif(u.display_name, ''), u.user_name)";
        Names = (await connection.Rows($"""
            select u.id, {name} from platform_user u where u.id in (select user_id from platform_approval_seat where approval_id = @id union select user_id from platform_approval_act where approval_id = @id
                union select for_id from platform_approval_act where approval_id = @id union select to_id from platform_approval_act where approval_id = @id union select asker_id from platform_approval where id = @id)
            """, row => (Id: row.GetInt64(0), Name: row.GetString(1)), ct, ("id", id))).ToDictionary(one => one.Id, one => one.Name);
        Acts = await connection.Rows($"select act, user_id, for_id, to_id, comment, asked, at from platform_approval_act where approval_id = @id order by id desc limit {MostActs}", row => new ToldAct(row.GetString(0), NameOf(row.GetInt64(1)),
            row.IsDBNull(2) ? null : NameOf(row.GetInt64(2)), row.IsDBNull(3) ? null : NameOf(row.GetInt64(3)), row.GetString(4), row.GetString(5) is { Length: > 0 } asked ? JsonSerializer.Deserialize<ApprovalAsked>(asked) : null, row.At(6)), ct, ("id", id));
        Copied = await connection.Rows($"select {name} from platform_approval_copy c join platform_user u on u.id = c.user_id where c.approval_id = @id order by u.id limit 100", row => row.GetString(0), ct, ("id", id));
    }

    public string NameOf(long user) => Names.GetValueOrDefault(user, "–");
}
