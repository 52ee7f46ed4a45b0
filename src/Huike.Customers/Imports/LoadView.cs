using System.Text.Json;
using Huike.Customers.Ledger;
using Huike.Platform.Fields;
using Huike.Platform.Imports;
using Huike.Platform.Jobs;

namespace Huike.Customers.Imports;

/// <summary>A load as its page shows it.</summary>
/// <param name="Load">The load.</param>
/// <param name="Request">What was asked.</param>
/// <param name="Outcome">What the last run came to; null before the first.</param>
/// <param name="Job">The last job; null before the first.</param>
/// <param name="Words">Language, currency, zone.</param>
internal sealed record LoadView(Load Load, LoadRequest Request, LoadOutcome? Outcome, Job? Job, ListWording Words)
{
    /// <summary>How the files will be understood; null while or after they are loaded.</summary>
    public LoadPlan? Plan { get; init; }

    /// <summary>The firm's own fields that its columns can hold.</summary>
    public IReadOnlyList<CustomField> Own { get; init; } = [];

    /// <summary>By what customers who are there can be found.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Columns that hold something and are mapped to nothing.</summary>
    public IReadOnlyList<string> Unused => [.. Plan!.Files.SelectMany(file => file.Map.Header.Where((title, at) => file.Map.Matches.All(match => match.Column != at) && file.Sample.Exists(row => row[at].Length > 0))).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Why it can't be loaded as it stands; null where it can.</summary>
    public string? Fault { get; init; }

    public IReadOnlyList<SavedMapping> Mappings { get; init; } = [];

    /// <summary>Columns of all files, each once.</summary>
    public IReadOnlyList<string> Columns => [.. Plan!.Files.SelectMany(file => file.Map.Header).Distinct(StringComparer.OrdinalIgnoreCase)];

    public bool IsRunning => Load.State is LoadState.Checking or LoadState.Loading or LoadState.Undoing;

    /// <summary>Whether it can be cancelled: taking back can't, once it has begun.</summary>
    public bool MayCancel => IsRunning && Job is { State: < JobState.Done, IsStopping: false } && (Load.State != LoadState.Undoing || Job.Attempts == 0);

    public bool IsOpen => Load.State is LoadState.Draft or LoadState.Checked or LoadState.Failed;

    public static LoadView Of(Load load, Job? job, ListWording words) => new(
        load, JsonSerializer.Deserialize<LoadRequest>(load.Request)!, load.Outcome.Length > 0 ? JsonSerializer.Deserialize<LoadOutcome>(load.Outcome) : null, job, words);

    /// <summary>Where a field stands: in the first file that has it.</summary>
    public (string Title, MatchStrength Strength, string Samples)? Match(string field)
    {
        foreach (var file in Plan!.Files)
        {
            if (file.Map.Matches.FirstOrDefault(match => match.Field == field) is not { } match) { continue; }
            var samples = file.Sample.Select(row => row[match.Column]).Where(cell => cell.Length > 0).Distinct().Take(3);
            var text = string.Join(" · ", samples);
            return (file.Map.Header[match.Column], match.Strength, text.Length <= 90 ? text : text[..90]);
        }
        return null;
    }
}
