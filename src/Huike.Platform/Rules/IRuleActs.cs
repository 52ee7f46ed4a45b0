using System.Data.Common;
using System.Globalization;
using Huike.Platform.Conditions;

namespace Huike.Platform.Rules;

/// <summary>What an act of a rule asks for.</summary>
[Flags]
public enum RuleAsks
{
    /// <summary>Nothing more.</summary>
    Nothing = 0,

    /// <summary>Which field.</summary>
    Field = 1,

    /// <summary>Its new value; may be empty.</summary>
    Value = 2,

    /// <summary>Whom.</summary>
    Who = 4,

    /// <summary>A text, 1 to 1,000 characters; <c>{name}</c> stands for a field's value.</summary>
    Text = 8,

    /// <summary>Working days from now on, 0 to 365.</summary>
    Days = 16,

    /// <summary>Number of an approval's flow.</summary>
    Flow = 32,
}

/// <summary>A kind of act.</summary>
/// <param name="Name">Stable; its text is <c>rules.act.</c> and the name.</param>
/// <param name="Asks">What it has to be told.</param>
public sealed record RuleActKind(string Name, RuleAsks Asks);

/// <summary>One act of a rule, as an administrator said it.</summary>
/// <param name="Kind">Name of the <see cref="RuleActKind"/>.</param>
public sealed record RuleAct(string Kind)
{
    /// <summary>Name of a field; may be empty where none is asked for, as all that follows.</summary>
    public string Field { get; init; } = "";

    /// <summary>Its new value.</summary>
    public string Value { get; init; } = "";

    /// <summary>Sign-in names with commas between; <c>@owner</c>: who looks after the record; <c>@leader</c>: the leader of that one's unit.</summary>
    public string Who { get; init; } = "";

    /// <summary>What is written.</summary>
    public string Text { get; init; } = "";

    /// <summary>Working days.</summary>
    public int Days { get; init; }

    /// <summary>Number of a flow.</summary>
    public long Flow { get; init; }
}

/// <summary>One rule at work on one record.</summary>
/// <param name="RuleId">Number of the rule.</param>
/// <param name="Name">Its name: as whose hand its notes and changes are kept.</param>
/// <param name="RunId">Number of the run.</param>
/// <param name="Subject">The record's kind.</param>
/// <param name="RecordId">The record.</param>
/// <param name="Connection">Holds the run's transaction; features called in the same flow write in it too.</param>
public sealed record RuleTurn(long RuleId, string Name, long RunId, RuleSubject Subject, long RecordId, DbConnection Connection)
{
    /// <summary>Text with the values of the record's fields put in.</summary>
    public required Func<string, Task<string>> Fill { get; init; }

    /// <summary>Users by what an act says of whom.</summary>
    public required Func<string, Task<IReadOnlyList<RulePerson>>> People { get; init; }

    /// <summary>How often an act of the rule that goes round came to somebody before; and counts this time.</summary>
    public required Func<Task<long>> Next { get; init; }

    /// <summary>The rule's fields.</summary>
    public required IReadOnlyList<Fact> Fields { get; init; }

    /// <summary>Which of the rule's acts is done, from 0.</summary>
    public int Act { get; init; }

    /// <summary>The day on which it runs, in the firm's zone.</summary>
    public DateOnly Today { get; init; }

    /// <summary>The value that a field is to have: days that are counted from today as yyyy-MM-dd.</summary>
    public string Value(Fact field, string value) => field.Kept == FactKept.Day && FactDay.Read(value, Today) is { } day ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : value;
}

/// <summary>Does the acts of rules. All acts of a run happen, or none: what one throws takes the others back.</summary>
public interface IRuleActs
{
    /// <summary>Of which subject; empty: of every one.</summary>
    string Subject { get; }

    /// <summary>What it does.</summary>
    IReadOnlyList<RuleActKind> Kinds { get; }

    /// <summary>Does it.</summary>
    /// <param name="act">One of its kinds.</param>
    /// <param name="turn">On what.</param>
    /// <param name="ct">Ends the work.</param>
    /// <exception cref="RuleException">It can't be done; the run's log says why.</exception>
    Task Run(RuleAct act, RuleTurn turn, CancellationToken ct);
}
