using Huike.Customers.Consents;
using Huike.Customers.Contracts;

namespace Huike.Customers.PermissionStages;

/// <summary>A stretch of time; <paramref name="To"/> is not in it any more.</summary>
internal readonly record struct Stretch(DateTimeOffset From, DateTimeOffset To)
{
    public bool Holds(DateTimeOffset at) => at >= From && at < To;
}

/// <summary>All that a customer's stages of permission follow from.</summary>
internal sealed record PermissionFacts
{
    /// <summary>First contact or purchase; null: neither.</summary>
    public DateTimeOffset? ReachedAt { get; set; }

    /// <summary>Consents to the purposes that count, given and withdrawn, oldest first.</summary>
    public List<(long Purpose, ContactChannel Channel, bool Given, DateTimeOffset At)> Consents { get; } = [];

    /// <summary>When the customer spoke to the firm.</summary>
    public List<DateTimeOffset> Answers { get; } = [];

    /// <summary>Steps of his buying, oldest first.</summary>
    public List<(DateTimeOffset SinceAt, BuyingStage Stage)> Buying { get; } = [];

    /// <summary>A buying stage pinned by hand: it holds instead of the computed one while the pin does.</summary>
    public (Stretch While, BuyingStage Stage)? BuyingPin { get; set; }

    /// <summary>Since when it is written down that he brought somebody; null: he didn't.</summary>
    public DateTimeOffset? ReferredAt { get; set; }
}

/// <summary>The rule itself: from facts to a dated history, for a customer at an instant. Nothing else decides, so that whatever the order in which facts came, one history follows from them.</summary>
internal sealed class PermissionHistory
{
    private static readonly ContactChannel[] Single = [.. Enum.GetValues<ContactChannel>().Where(channel => channel != ContactChannel.All)];

    private readonly DateTimeOffset? reachedAt;

    public PermissionHistory(PermissionFacts facts, PermissionRules rules)
    {
        reachedAt = facts.Consents.Select(consent => (DateTimeOffset?)consent.At).Append(facts.ReachedAt).Min();
        Permitted = Agreed(facts.Consents);
        Answering = [.. Joined(Permitted.SelectMany(permitted => facts.Answers.Where(at => at >= permitted.From.AddHours(-rules.HoursBefore) && at < permitted.To)
            .Select(at => new Stretch(at > permitted.From ? at : permitted.From, Earlier(at.AddDays(rules.AnswerDays), permitted.To))).Where(stretch => stretch.From < stretch.To)))];
        Loyal = [.. Joined(Devoted(facts).SelectMany(loyal => Answering.Select(answering => new Stretch(loyal.From > answering.From ? loyal.From : answering.From, Earlier(loyal.To, answering.To))).Where(stretch => stretch.From < stretch.To)))];
    }

    /// <summary>When a consent held.</summary>
    public IReadOnlyList<Stretch> Permitted { get; }

    /// <summary>When one held and the customer answered.</summary>
    public IReadOnlyList<Stretch> Answering { get; }

    /// <summary>When he was loyal besides.</summary>
    public IReadOnlyList<Stretch> Loyal { get; }

    /// <summary>The history up to an instant, oldest first; nothing for who was never reached.</summary>
    public List<(DateTimeOffset SinceAt, PermissionStage Stage)> Steps(DateTimeOffset now)
    {
        var steps = new List<(DateTimeOffset, PermissionStage)>();
        var last = PermissionStage.None;
        foreach (var moment in Permitted.Concat(Answering).Concat(Loyal).SelectMany(stretch => new[] { stretch.From, stretch.To }).Append(reachedAt ?? DateTimeOffset.MaxValue).Where(at => at <= now).Distinct().Order())
        {
            var stage = At(moment);
            if (stage != last) { steps.Add((moment, last = stage)); }
        }
        return steps;
    }

    private PermissionStage At(DateTimeOffset at) => Holds(Loyal, at) ? PermissionStage.Loyalty : Holds(Answering, at) ? PermissionStage.Participation : Holds(Permitted, at) ? PermissionStage.Permission
        : at >= reachedAt ? PermissionStage.Attention : PermissionStage.None;

    private static bool Holds(IReadOnlyList<Stretch> stretches, DateTimeOffset at) => stretches.Any(stretch => stretch.Holds(at));

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    /// <summary>On each channel the newest fact of it, or of all channels, decides; one channel is enough.</summary>
    private static List<Stretch> Agreed(List<(long Purpose, ContactChannel Channel, bool Given, DateTimeOffset At)> consents)
    {
        var stretches = new List<Stretch>();
        var given = new HashSet<(long, ContactChannel)>();
        DateTimeOffset? since = null;
        foreach (var moment in consents.GroupBy(consent => consent.At))
        {
            foreach (var consent in moment)
            {
                foreach (var channel in consent.Channel == ContactChannel.All ? Single : [consent.Channel])
                {
                    if (consent.Given) { given.Add((consent.Purpose, channel)); }
                    else { given.Remove((consent.Purpose, channel)); }
                }
            }
            if (given.Count > 0) { since ??= moment.Key; }
            else if (since is { } from)
            {
                stretches.Add(new(from, moment.Key));
                since = null;
            }
        }
        if (since is { } open) { stretches.Add(new(open, DateTimeOffset.MaxValue)); }
        return stretches;
    }

    private static IEnumerable<Stretch> Devoted(PermissionFacts facts)
    {
        if (facts.ReferredAt is { } referred) { yield return new(referred, DateTimeOffset.MaxValue); }
        var pinned = facts.BuyingPin;
        if (pinned is { Stage: BuyingStage.LoyalBuyer or BuyingStage.Advocate } pin) { yield return pin.While; }
        for (var i = 0; i < facts.Buying.Count; i++)
        {
            if (facts.Buying[i].Stage is not (BuyingStage.LoyalBuyer or BuyingStage.Advocate)) { continue; }
            var (from, to) = (facts.Buying[i].SinceAt, i + 1 < facts.Buying.Count ? facts.Buying[i + 1].SinceAt : DateTimeOffset.MaxValue);
            if (pinned is null) { yield return new(from, to); }
            else
            {
                // What was pinned hides what was computed.
                if (from < pinned.Value.While.From) { yield return new(from, Earlier(to, pinned.Value.While.From)); }
                if (to > pinned.Value.While.To) { yield return new(from > pinned.Value.While.To ? from : pinned.Value.While.To, to); }
            }
        }
    }

    /// <summary>Stretches that touch become one.</summary>
    private static IEnumerable<Stretch> Joined(IEnumerable<Stretch> stretches)
    {
        Stretch? open = null;
        foreach (var next in stretches.OrderBy(stretch => stretch.From))
        {
            if (open is not { } before) { open = next; }
            else if (next.From <= before.To) { open = before with { To = before.To > next.To ? before.To : next.To }; }
            else
            {
                yield return before;
                open = next;
            }
        }
        if (open is { } end) { yield return end; }
    }
}
