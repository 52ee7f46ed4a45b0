using System.Globalization;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Jobs;

/// <summary>Which jobs are asked for.</summary>
/// <param name="Kind">Empty for all.</param>
/// <param name="State">Null for all.</param>
/// <param name="Before">Older than this one; null: from the newest on.</param>
internal sealed record JobQuery(string Kind, JobState? State, long? Before)
{
    public const string Path = JobsModule.Path + "/list";

    private const int Longest = 100;

    /// <exception cref="RuleException"><c>jobs.filter.wrong</c>.</exception>
    public static JobQuery Read(IQueryCollection query)
    {
        var (kind, state, before) = (query["kind"].ToString(), query["state"].ToString(), query["before"].ToString());
        if (kind.Length > Longest || kind.Contains('\0', StringComparison.Ordinal)) { throw new RuleException("jobs.filter.wrong"); }
        JobState? chosen = state.Length == 0 ? null : Enum.TryParse<JobState>(state, ignoreCase: true, out var known) && Enum.IsDefined(known) && char.IsLetter(state[0]) ? known : throw new RuleException("jobs.filter.wrong");
        return new(kind, chosen, before.Length == 0 ? null : long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw new RuleException("jobs.filter.wrong"));
    }

    public string Href() => Path + QueryString.Create(new[] { ("kind", Kind), ("state", State?.ToString().ToLowerInvariant() ?? ""), ("before", Before?.ToString(CultureInfo.InvariantCulture) ?? "") }
        .Where(pair => pair.Item2.Length > 0).Select(pair => KeyValuePair.Create<string, string?>(pair.Item1, pair.Item2)));
}

/// <summary>Reads jobs for the page, newest first, and holds them for the request.</summary>
internal sealed class JobList(Database database, IEnumerable<IJobWorker> workers, SettingsStore settings)
{
    private const int RowsOfPage = 50;

    public JobQuery Query { get; private set; } = new("", null, null);

    public IReadOnlyList<Job> Rows { get; private set; } = [];

    /// <summary>Older ones; null where there are none.</summary>
    public string? OlderHref { get; private set; }

    /// <summary>Kinds that this program does.</summary>
    public IReadOnlyList<string> Kinds { get; private set; } = [];

    /// <summary>In which moments are told.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>Whether jobs of the kind may be taken back or tried again from here.</summary>
    public bool IsFree(string kind) => workers.FirstOrDefault(worker => worker.Kind == kind)?.IsFree == true;

    /// <summary>Whether a job may be ended from here: taken back, or stopped where its kind can be.</summary>
    public bool MayCancel(Job job) => job.State == JobState.Queued && IsFree(job.Kind) || (job is { State: < JobState.Done, IsStopping: false } && workers.FirstOrDefault(worker => worker.Kind == job.Kind)?.CanStop == true);

    public async Task Read(JobQuery query, CancellationToken ct)
    {
        (Query, Zone, Kinds) = (query, (await settings.Get<FirmSettings>(ct)).Zone, [.. workers.Select(worker => worker.Kind).Order(StringComparer.Ordinal)]);
        var conditions = new List<(string Sql, string Name, object? Value)>();
        if (query.Kind.Length > 0) { conditions.Add(("kind = @kind", "kind", query.Kind)); }
        if (query.State is { } state) { conditions.Add(("state = @state", "state", state)); }
        if (query.Before is { } before) { conditions.Add(("id < @before", "before", before)); }
        var where = conditions.Count == 0 ? "" : "where " + string.Join(" and ", conditions.Select(condition => condition.Sql));
        await using var connection = await database.Open(ct);
        var rows = await connection.Rows($"select {JobQueue.Columns} from platform_job {where} order by id desc limit {RowsOfPage + 1}", JobQueue.Map, ct, [.. conditions.Select(condition => (condition.Name, condition.Value))]);
        Rows = [.. rows.Take(RowsOfPage)];
        OlderHref = rows.Count > RowsOfPage ? (query with { Before = Rows[^1].Id }).Href() : null;
    }
}
