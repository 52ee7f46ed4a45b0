using System.Globalization;
using Huike.Customers.NextSteps;
using Huike.Customers.Notes;
using Huike.Platform;
using Huike.Platform.Access.Roles;
using Huike.Platform.Api;
using Huike.Platform.Calendar;
using Huike.Platform.Fields;
using Huike.Platform.Rules;

namespace Huike.Customers.Rules;

/// <summary>What rules do to customers: by the features that people use, with their checks, histories and events.</summary>
internal sealed class ActOnCustomers(ChangeByProgram change, AssignCustomer assign, AddNextStep plan, AddNote note, FieldBook book, Calendars calendars) : IRuleActs
{
    private const string Set = "set";
    private const string Assign = "assign";
    private const string Step = "step";
    private const string Note = "note";

    public string Subject => CustomerFields.Kind.Name;

    public IReadOnlyList<RuleActKind> Kinds { get; } =
    [
        new(Set, RuleAsks.Field | RuleAsks.Value),
        new(Assign, RuleAsks.Who),
        new(Step, RuleAsks.Text | RuleAsks.Days),
        new(Note, RuleAsks.Text),
    ];

    public Task Run(RuleAct act, RuleTurn turn, CancellationToken ct) => act.Kind switch
    {
        Set => Change(act, turn, ct),
        Assign => Give(act, turn, ct),
        Step => Plan(act, turn, ct),
        _ => Write(act, turn, ct),
    };

    private async Task Change(RuleAct act, RuleTurn turn, CancellationToken ct)
    {
        var field = turn.Fields.FirstOrDefault(one => one.Name == act.Field && one.IsSettable) ?? throw new RuleException("rules.field.gone", act.Field);
        var version = await ApiVersion.Hold(turn.Connection, CustomerApi.Table, turn.RecordId, ct);
        var (input, given) = ChangeByProgram.One(field.Name, turn.Value(field, act.Value));
        var viewer = new Viewer([], FieldAccess.Full) { Own = book.Of(Subject) };
        await change.Edit(viewer, null, turn.Name, (turn.RecordId, input, given, version), ct);
    }

    private async Task Give(RuleAct act, RuleTurn turn, CancellationToken ct)
    {
        var people = await turn.People(act.Who);
        if (people.Count == 0) { throw new RuleException("rules.nobody"); }
        await assign.Run(turn.RecordId, people.Count == 1 ? people[0].Name : people[(int)(await turn.Next() % people.Count)].Name, ct);
    }

    private async Task Plan(RuleAct act, RuleTurn turn, CancellationToken ct)
    {
        var owner = await turn.People("@owner");
        var time = (owner.Count > 0 ? await calendars.OfPerson(owner[0].Id, ct) : await calendars.Usual(ct)).Time;
        var due = act.Days == 0 ? turn.Today : time.AddDays(turn.Today, act.Days);
        await plan.Run(turn.RecordId, await turn.Fill(act.Text), due.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), turn.Name, new(FormKey.New()), ct);
    }

    private async Task Write(RuleAct act, RuleTurn turn, CancellationToken ct) => await note.Run(turn.RecordId, new(await turn.Fill(act.Text)), turn.Name, new(FormKey.New()), ct);
}
