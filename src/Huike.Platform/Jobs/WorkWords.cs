using Huike.Ui;
using Huike.Ui.Kit;

namespace Huike.Platform.Jobs;

/// <summary>Words of the pages of jobs.</summary>
internal static class WorkWords
{
    /// <summary>A kind of job or a handler; by its own name where it is none of ours.</summary>
    public static string NameOf(Texts texts, string name) => texts.Has("jobs.kind." + name) ? texts["jobs.kind." + name] : texts.Has("jobs.handler." + name) ? texts["jobs.handler." + name] : name;

    /// <summary>What went wrong: in the reader's language where it is a rule of ours, else as the machine said it.</summary>
    public static string ErrorOf(Texts texts, string said) => texts.Has(said) ? texts[said] : said;

    public static (string Key, Tone Tone) Of(Job job) => job is { IsStopping: true, State: < JobState.Done } ? ("jobs.state.stopping", Tone.Warn) : Of(job.State);

    public static (string Key, Tone Tone) Of(JobState state) => state switch
    {
        JobState.Queued => ("jobs.state.queued", Tone.Neutral),
        JobState.Running => ("jobs.state.running", Tone.Info),
        JobState.Done => ("jobs.state.done", Tone.Good),
        JobState.Failed => ("jobs.state.failed", Tone.Bad),
        _ => ("jobs.state.cancelled", Tone.Neutral),
    };
}
