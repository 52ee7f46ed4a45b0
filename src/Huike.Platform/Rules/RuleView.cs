using System.Data.Common;
using System.Globalization;
using Huike.Platform.Access.Records;
using Huike.Platform.Approvals;
using Huike.Platform.Conditions;
using Huike.Platform.Data;
using Huike.Platform.Notifications;
using Huike.Platform.Settings;

namespace Huike.Platform.Rules;

/// <summary>A rule in the list.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Done">Runs that were done in the last seven days.</param>
/// <param name="Failed">Runs that failed in them.</param>
internal sealed record ListedRule(Rule Rule, long Done, long Failed);

/// <summary>A version of a rule.</summary>
internal sealed record RuleVersion(int Version, DateTimeOffset At, string By);

/// <summary>A run in the log.</summary>
/// <param name="Id">Number.</param>
/// <param name="Version">Of the rule.</param>
/// <param name="Cause">What began it.</param>
/// <param name="Record">The record; 0: none.</param>
/// <param name="Name">As the reader may see it; null: he may not.</param>
/// <param name="Trail">Rules that led to it.</param>
/// <param name="State">How it stands.</param>
/// <param name="At">When it began.</param>
/// <param name="Code">Why it failed; empty: it didn't.</param>
/// <param name="Args">What fills its words.</param>
internal sealed record LoggedRun(long Id, int Version, string Cause, long Record, string? Name, string Trail, RunState State, DateTimeOffset At, string Code, string Args);

/// <summary>Reads rules and their logs for the pages, and holds them for the request.</summary>
internal sealed class RuleView(Database database, RuleSubjects subjects, SettingsStore settings, IEnumerable<INameRecords> names, TimeProvider clock)
{
    private const int RowsOfPage = 50;
    private const int MostVersions = 50;
    private static readonly TimeSpan Lately = TimeSpan.FromDays(7);

    public IReadOnlyList<ListedRule> Rules { get; private set; } = [];

    public RuleInput Input { get; private set; } = new("", true, "", 0, new());

    public long Id { get; private set; }

    /// <summary>The rule's name as it is saved.</summary>
    public string Name { get; private set; } = "";

    public RuleSubject Subject { get; private set; } = default!;

    public IReadOnlyList<Fact> Fields { get; private set; } = [];

    public IReadOnlyList<RuleTrigger> Triggers { get; private set; } = [];

    public IReadOnlyList<ApprovalFlow> Flows { get; private set; } = [];

    public IReadOnlyList<RuleVersion> Versions { get; private set; } = [];

    public IReadOnlyList<LoggedRun> Runs { get; private set; } = [];

    /// <summary>What the rule would come to; null where nobody asked.</summary>
    public TriedRule? Tried { get; set; }

    /// <summary>Earlier runs; null where there are none.</summary>
    public string? OlderHref { get; private set; }

    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    public IReadOnlyList<RuleSubject> Subjects => subjects.All;

    public async Task ReadAll(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var all = await Rule.All(connection, ct);
        var counts = (await connection.Rows("select rule_id, state, count(*) from platform_rule_run where at >= @since and state in (1, 2) group by rule_id, state", row => (Rule: row.GetInt64(0), State: row.GetInt32(1), Count: row.GetInt64(2)), ct, ("since", clock.GetUtcNow() - Lately)))
            .ToDictionary(one => (one.Rule, one.State), one => one.Count);
        Rules = [.. all.Select(rule => new ListedRule(rule, counts.GetValueOrDefault((rule.Id, 1)), counts.GetValueOrDefault((rule.Id, 2))))];
    }

    /// <summary>A new rule, or one that was filled in and refused.</summary>
    public Task Show(long id, RuleInput input, CancellationToken ct) => Fill(id, input, ct);

    /// <param name="id">Which.</param>
    /// <param name="version">An older version, to be saved as the newest; null: the present one.</param>
    /// <param name="ct">Ends the read.</param>
    /// <exception cref="RuleException"><c>rules.unknown</c>.</exception>
    public async Task Read(long id, int? version, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var present = await Rule.Find(connection, id, null, ct);
        var shown = version is null ? present : await Rule.Find(connection, id, version, ct);
        await Fill(id, new(present.Name, present.IsOn, present.Subject, present.Version, shown.Definition), ct);
    }

    private async Task Fill(long id, RuleInput input, CancellationToken ct)
    {
        (Id, Input, Zone) = (id, input, (await settings.Get<FirmSettings>(ct)).Zone);
        Subject = subjects.Find(input.Subject);
        Fields = subjects.Fields(Subject);
        Triggers = [.. subjects.Of(Subject)];
        await using var connection = await database.Open(ct);
        Flows = [.. (await ApprovalFlow.All(connection, ct)).Where(flow => flow.IsOn)];
        if (id == 0) { return; }
        Name = (await Rule.Find(connection, id, null, ct)).Name;
        Versions = await connection.Rows($"select version, created_at, created_by from platform_rule_version where rule_id = @id order by version desc limit {MostVersions}", row => new RuleVersion(row.GetInt32(0), row.At(1), row.GetString(2)), ct, ("id", id));
    }

    /// <param name="id">Whose runs.</param>
    /// <param name="before">Older than this one; null: from the newest on.</param>
    /// <param name="failed">Only those that failed.</param>
    /// <param name="access">Who reads: names of records that he may not see are left out.</param>
    /// <param name="ct">Ends the read.</param>
    /// <exception cref="RuleException"><c>rules.unknown</c>.</exception>
    public async Task ReadRuns(long id, long? before, bool failed, UserAccess access, CancellationToken ct)
    {
        await Read(id, null, ct);
        await using var connection = await database.Open(ct);
        var rows = await connection.Rows($"""
            select id, version, cause, record_id, trail, state, at, code, args from platform_rule_run where rule_id = @rule{(before is null ? "" : " and id < @before")}{(failed ? " and state = 2" : "")} order by id desc limit {RowsOfPage + 1}
            """, Map, ct, [("rule", id), .. before is null ? [] : ((string, object?)[])[("before", before)]]);
        var shown = rows.Take(RowsOfPage).ToList();
        var records = shown.Select(run => run.Record).Where(record => record > 0).Distinct().ToList();
        var known = names.FirstOrDefault(one => one.Kind == Subject.Name) is { } namer && records.Count > 0 ? await namer.Of(access, records, ct) : new Dictionary<long, string>();
        Runs = [.. shown.Select(run => run with { Name = known.GetValueOrDefault(run.Record) })];
        OlderHref = rows.Count > RowsOfPage ? RunsHref(id, shown[^1].Id, failed) : null;
    }

    public static string At(long id) => string.Create(CultureInfo.InvariantCulture, $"{RulesModule.Path}/{id}");

    public static string RunsHref(long id, long? before, bool failed) => At(id) + "/runs" + (before is null ? failed ? "?show=failed" : "" : string.Create(CultureInfo.InvariantCulture, $"?before={before}{(failed ? "&show=failed" : "")}"));

    private static LoggedRun Map(DbDataReader row) => new(row.GetInt64(0), row.GetInt32(1), row.GetString(2), row.GetInt64(3), null, row.GetString(4), (RunState)row.GetInt32(5), row.At(6), row.GetString(7), row.GetString(8));
}
