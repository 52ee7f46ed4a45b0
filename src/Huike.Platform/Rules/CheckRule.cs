using System.Data.Common;
using System.Globalization;
using Huike.Platform.Conditions;
using Huike.Platform.Data;
using Huike.Platform.Mail;

namespace Huike.Platform.Rules;

/// <summary>Says no to a rule that couldn't work.</summary>
internal sealed class CheckRule(RuleSubjects subjects, RuleWork work, RuleRuns runs, IOutgoingMail mail)
{
    private const int LongestName = 60;
    private const int LongestValue = 400;
    private const int MostDays = 365;
    private const int MostOfDay = 100_000;
    private const int MostAgain = 3_650;

    /// <exception cref="RuleException">
    /// <c>rules.name</c>, <c>rules.subject</c>, <c>rules.when.wrong</c>, <c>rules.hour</c>, <c>rules.most</c>, <c>rules.again</c>, <c>rules.acts.none</c>, <c>rules.act.wrong</c>, <c>rules.act.field</c>, <c>rules.act.days</c>,
    /// <c>rules.act.text</c>, <c>rules.placeholder</c>, <c>rules.nobody</c>, <c>rules.mail.none</c>, <c>rules.number</c>, <c>rules.act.flow</c>, <c>access.user.nameUnknown</c>; those of <see cref="ConditionSql.Of"/>.
    /// </exception>
    public async Task Run(DbConnection connection, RuleInput input, CancellationToken ct)
    {
        if (input.NotNumber is { } text) { throw new RuleException("rules.number", text); }
        if (input.Name.Length is 0 or > LongestName || input.Name.Any(char.IsControl)) { throw new RuleException("rules.name", LongestName); }
        var subject = subjects.Find(input.Subject);
        var fields = subjects.Fields(subject);
        var definition = input.Definition;
        var trigger = subjects.Of(subject).FirstOrDefault(one => one.Name == definition.When);
        if (trigger is null && !definition.IsDaily) { throw new RuleException("rules.when.wrong"); }
        if (definition.Changed.Count > 0 && (trigger is not { HasFields: true } || definition.Changed.Any(name => !fields.Any(field => field.Name == name)))) { throw new RuleException("rules.field.gone", string.Join(", ", definition.Changed)); }
        if (definition.Hour is < 0 or > 23) { throw new RuleException("rules.hour"); }
        if (definition.Most is < 1 or > MostOfDay) { throw new RuleException("rules.most", MostOfDay); }
        if (definition.Again is < RuleDefinition.Never or > MostAgain) { throw new RuleException("rules.again", MostAgain); }
        var (_, today, zone) = await runs.Day(ct);
        foreach (var condition in definition.Conditions.Where(condition => condition.Value.Length > LongestValue || condition.Value.Contains('\0', StringComparison.Ordinal))) { throw new RuleException("rules.value.wrong", condition.Field, ""); }
        ConditionSql.Of(definition.If, fields, new(today, zone));
        if (definition.Acts.Count == 0) { throw new RuleException("rules.acts.none"); }
        foreach (var act in definition.Acts) { await Demand(connection, act, work.Kinds(subject).FirstOrDefault(kind => kind.Name == act.Kind) ?? throw new RuleException("rules.act.wrong", act.Kind), fields, today, ct); }
    }

    private async Task Demand(DbConnection connection, RuleAct act, RuleActKind kind, IReadOnlyList<Fact> fields, DateOnly today, CancellationToken ct)
    {
        if (kind.Asks.HasFlag(RuleAsks.Field))
        {
            var field = fields.FirstOrDefault(one => one.Name == act.Field && one.IsSettable) ?? throw new RuleException("rules.act.field");
            Demand(field, act.Value, today);
        }
        if (kind.Asks.HasFlag(RuleAsks.Days) && act.Days is < 0 or > MostDays) { throw new RuleException("rules.act.days", MostDays); }
        if (kind.Asks.HasFlag(RuleAsks.Text))
        {
            if (act.Text.Length is 0 or > RuleText.Longest || act.Text.Contains('\0', StringComparison.Ordinal)) { throw new RuleException("rules.act.text", RuleText.Longest); }
            if (act.Kind != PlatformActs.Remind && RuleText.Unknown(act.Text, fields) is { } unknown) { throw new RuleException("rules.placeholder", unknown); }
        }
        if (kind.Asks.HasFlag(RuleAsks.Who)) { await DemandPeople(connection, act, ct); }
        if (kind.Asks.HasFlag(RuleAsks.Flow) && await connection.Number("select count(*) from platform_approval_flow where id = @id and is_on = 1", ct, ("id", act.Flow)) == 0) { throw new RuleException("rules.act.flow"); }
        if (act.Kind == PlatformActs.Mail && !mail.IsReady) { throw new RuleException("rules.mail.none"); }
    }

    private static void Demand(Fact field, string value, DateOnly today)
    {
        var isRight = value.Length == 0 || (value.Length <= LongestValue && !value.Contains('\0', StringComparison.Ordinal) && field.Kept switch
        {
            FactKept.Day => FactDay.Read(value, today) is not null,
            FactKept.OwnNumber => decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out _),
            _ => field.Choices.Count == 0 || field.Choices.Any(choice => choice.Value == value),
        });
        if (!isRight) { throw new RuleException("rules.value.wrong", field.Name, value[..Math.Min(value.Length, 60)]); }
    }

    private static async Task DemandPeople(DbConnection connection, RuleAct act, CancellationToken ct)
    {
        var words = RulePeople.Words(act.Who);
        if (words.Count == 0 || act.Who.Length > LongestValue) { throw new RuleException("rules.nobody"); }
        foreach (var word in words.Where(word => word is not (RulePeople.Owner or RulePeople.Leader) && !(act.Kind == PlatformActs.Mail && SendRuleMail.IsAddress(word)))) { await Access.Owner.Find(connection, word, ct); }
    }
}
