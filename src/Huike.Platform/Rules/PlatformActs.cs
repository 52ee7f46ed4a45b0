using System.Globalization;
using System.Text.Json;
using Huike.Platform.Approvals;
using Huike.Platform.Events;
using Huike.Platform.Jobs;
using Huike.Platform.Mail;
using Huike.Platform.Notifications;

namespace Huike.Platform.Rules;

/// <summary>What rules on every kind of record can do: remind somebody, send a mail, tell programs outside, ask for an approval.</summary>
internal sealed class PlatformActs(NoticeLog notices, JobQueue jobs, IOutgoingMail mail, EventLog events, AskApproval approvals) : IRuleActs
{
    public const string Remind = "remind";
    public const string Mail = "mail";
    public const string Webhook = "webhook";
    public const string Approval = "approval";

    private const int LongestTitle = 200;

    public string Subject => "";

    public IReadOnlyList<RuleActKind> Kinds { get; } =
    [
        new(Remind, RuleAsks.Who | RuleAsks.Text),
        new(Mail, RuleAsks.Who | RuleAsks.Text),
        new(Webhook, RuleAsks.Nothing),
        new(Approval, RuleAsks.Flow | RuleAsks.Who | RuleAsks.Text),
    ];

    public Task Run(RuleAct act, RuleTurn turn, CancellationToken ct) => act.Kind switch
    {
        Remind => Tell(act, turn, ct),
        Mail => Write(act, turn, ct),
        Webhook => events.Raise(turn.Connection, new RuleCalled(turn.RuleId, turn.Subject.Name, turn.RecordId), ct),
        _ => Ask(act, turn, ct),
    };

    private async Task Tell(RuleAct act, RuleTurn turn, CancellationToken ct)
    {
        // The record's name stands before it, looked up by each reader's rights.
        foreach (var person in await Demanded(act, turn))
        {
            await notices.Tell(turn.Connection, new Notice(RulesModule.Told, person.Id, "rules.notice", FormattableString.Invariant($"{RulesModule.Told}/{turn.RunId}/{turn.Act}")) { About = new(turn.Subject.Name, turn.RecordId), Args = [act.Text] }, ct);
        }
    }

    private async Task Write(RuleAct act, RuleTurn turn, CancellationToken ct)
    {
        if (!mail.IsReady) { throw new RuleException("rules.mail.none"); }
        var addresses = RulePeople.Words(act.Who).Where(SendRuleMail.IsAddress).ToList();
        var people = await turn.People(string.Join(',', RulePeople.Words(act.Who).Except(addresses)));
        if (people.Count + addresses.Count == 0) { throw new RuleException("rules.nobody"); }
        // Filled in when it is sent: nothing of a person's lies in the queue.
        foreach (var to in people.Select(person => person.Id.ToString(CultureInfo.InvariantCulture)).Concat(addresses))
        {
            await jobs.Add(turn.Connection, SendRuleMail.KindName, JsonSerializer.Serialize(new RuleMail(turn.RuleId, turn.RecordId, act.Text, to)), "", thisMachineOnly: false, ct);
        }
    }

    private async Task Ask(RuleAct act, RuleTurn turn, CancellationToken ct)
    {
        var asker = (await Demanded(act, turn))[0];
        var text = await turn.Fill(act.Text);
        var title = text.Split('\n')[0].Trim();
        await approvals.Run(act.Flow, turn.Subject.Name, turn.RecordId, new(title[..Math.Min(title.Length, LongestTitle)], $"{text}\n\n{turn.Name}", null), asker.Id, FormKeys.New(), ct);
    }

    private static async Task<IReadOnlyList<RulePerson>> Demanded(RuleAct act, RuleTurn turn) => await turn.People(act.Who) is { Count: > 0 } people ? people : throw new RuleException("rules.nobody");
}
