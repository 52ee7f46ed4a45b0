using System.Globalization;
using Huike.Platform.Fields;
using Huike.Ui;

namespace Huike.Platform.Rules;

/// <summary>How the database holds a field that rules look at.</summary>
public enum RuleKept
{
    /// <summary>Text, never null; empty where there is none.</summary>
    Text = 0,

    /// <summary>A double, -1e300 where there is none: numbers of the firm's own fields.</summary>
    OwnNumber = 1,

    /// <summary>A number in a column, never null.</summary>
    Number = 2,

    /// <summary>Money in whole ten-thousandths, never null.</summary>
    Amount = 3,

    /// <summary>A day as yyyy-MM-dd; empty where there is none.</summary>
    Day = 4,

    /// <summary>An instant, or null.</summary>
    Instant = 5,

    /// <summary>A whole number that stands for one of the choices.</summary>
    Code = 6,

    /// <summary>A user's number, or null.</summary>
    User = 7,
}

/// <summary>One of several values.</summary>
/// <param name="Value">As rules keep it.</param>
/// <param name="Code">As a <see cref="RuleKept.Code"/> column holds it; 0 for texts.</param>
/// <param name="Label">In the reader's language.</param>
public sealed record RuleChoice(string Value, int Code, Func<Texts, string> Label);

/// <summary>A field that rules look at.</summary>
/// <param name="Name">Stable, as rules keep it.</param>
/// <param name="Kept">How the database holds it.</param>
/// <param name="Sql">Over the tables of the subject.</param>
/// <param name="Label">In the reader's language.</param>
public sealed record RuleField(string Name, RuleKept Kept, string Sql, Func<Texts, string> Label)
{
    /// <summary>What it can be, where that is a list; empty: anything.</summary>
    public IReadOnlyList<RuleChoice> Choices { get; init; } = [];

    /// <summary>1 all who see the record, 2 staff, 3 who may see personal fields: those don't get into texts that rules write.</summary>
    public int Level { get; init; } = 1;

    /// <summary>Whether a rule may set it.</summary>
    public bool IsSettable { get; init; }

    /// <summary>A field of the firm's own, as rules look at it.</summary>
    /// <param name="own">The field.</param>
    /// <param name="alias">Of the records' table.</param>
    public static RuleField Of(CustomField own, string alias) => new(own.Input, own.IsNumeric ? RuleKept.OwnNumber : own.Type == FieldType.Date ? RuleKept.Day : RuleKept.Text, own.Sql(alias), own.Label)
    {
        Choices = [.. own.Choices.Select(choice => new RuleChoice(choice.Value, 0, choice.Label))],
        Level = own.Level,
        IsSettable = own.Type != FieldType.Formula,
    };

    /// <summary>A field that holds the number of an enumeration.</summary>
    /// <param name="name">Stable name.</param>
    /// <param name="sql">The column.</param>
    /// <param name="textKey">Of its label.</param>
    /// <param name="word">A value's name as rules keep it, and the text key of its label.</param>
    public static RuleField Enum<T>(string name, string sql, string textKey, Func<T, (string Value, string TextKey)> word) where T : struct, Enum => new(name, RuleKept.Code, sql, texts => texts[textKey])
    {
        Choices = [.. System.Enum.GetValues<T>().Select(value => new RuleChoice(word(value).Value, Convert.ToInt32(value, CultureInfo.InvariantCulture), texts => texts[word(value).TextKey]))],
    };
}

/// <summary>A kind of record that rules are about. A module offers it, with what its rules look at and do.</summary>
/// <param name="Name">Name of the <see cref="Access.Records.RecordKind"/>; stable.</param>
/// <param name="TextKey">What they are called, several of them.</param>
/// <param name="From">Tables that hold them, the record's own by the alias <c>c</c> with its <c>id</c> and <c>owner_id</c>.</param>
/// <param name="Where">Which records rules leave alone are not of these.</param>
/// <param name="Shown">SQL of what a record is called.</param>
/// <param name="Path">Page of a record, with {0} for its id.</param>
public sealed record RuleSubject(string Name, string TextKey, string From, string Where, string Shown, string Path)
{
    /// <summary>The module's own fields; those of the firm's come by themselves.</summary>
    public required IReadOnlyList<RuleField> Fields { get; init; }

    /// <summary>The page of one record.</summary>
    public string Href(long id) => string.Format(CultureInfo.InvariantCulture, Path, id);
}

/// <summary>What an event is to rules.</summary>
/// <param name="Record">The record that it happened to.</param>
/// <param name="Fields">Names of the fields that changed, as rules know them; null: it isn't about fields.</param>
public readonly record struct RuleHit(long Record, IReadOnlyList<string>? Fields);

/// <summary>A moment at which rules begin.</summary>
/// <param name="Name">Stable, with a dot; its text is <c>rules.when.</c> and the name.</param>
/// <param name="Subject">Name of the <see cref="RuleSubject"/>; empty: of every one.</param>
/// <param name="EventKind">Kind of the event.</param>
/// <param name="Read">From the event's payload and the subject's name to what happened; null: nothing for rules of that subject.</param>
/// <param name="HasFields">Whether a rule can ask that certain fields changed.</param>
internal sealed record RuleTrigger(string Name, string Subject, string EventKind, Func<string, string, RuleHit?> Read, bool HasFields);
