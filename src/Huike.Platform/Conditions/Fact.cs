using System.Globalization;
using Huike.Platform.Fields;
using Huike.Ui;

namespace Huike.Platform.Conditions;

/// <summary>How the database holds a fact.</summary>
public enum FactKept
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

    /// <summary>A unit's number, or null.</summary>
    Unit = 8,
}

/// <summary>One of several values.</summary>
/// <param name="Value">As conditions name it.</param>
/// <param name="Code">As a <see cref="FactKept.Code"/> column holds it; 0 for texts.</param>
/// <param name="Label">In the reader's language.</param>
public sealed record FactChoice(string Value, int Code, Func<Texts, string> Label);

/// <summary>Something that conditions look at: rules and lists sift by it. Every kind of record has one list of them, <see cref="FactBook"/>.</summary>
/// <param name="Name">Stable, as conditions keep it.</param>
/// <param name="Kept">How the database holds it.</param>
/// <param name="Sql">Over the tables of the kind; the records' own is <c>c</c>.</param>
/// <param name="Label">In the reader's language.</param>
public sealed record Fact(string Name, FactKept Kept, string Sql, Func<Texts, string> Label)
{
    /// <summary>What it can be, where that is a list; empty: anything.</summary>
    public IReadOnlyList<FactChoice> Choices { get; init; } = [];

    /// <summary>1 all who see the record, 2 staff, 3 who may see personal fields: those don't get into texts that rules write.</summary>
    public int Level { get; init; } = 1;

    /// <summary>Whether a rule may set it.</summary>
    public bool IsSettable { get; init; }

    /// <summary>Table whose columns it is made of: <c>c</c>, or another of the kind's.</summary>
    public string Alias { get; init; } = "c";

    /// <summary>Condition under which there is a value; null: always, or as the database holds it.</summary>
    public string? Known { get; init; }

    /// <summary>
    /// Condition that the record has one of some values, whose parameters stand for {0}: where a table of its own holds them, an index finds the records. Null: by the fact itself.
    /// </summary>
    public string? Among { get; init; }

    /// <summary>How the values of <see cref="Among"/> are compared; null: as they are.</summary>
    public Func<string, string>? Key { get; init; }

    /// <summary>Whether lists can be put into groups by it: it has few values.</summary>
    public bool IsGrouped { get; init; }

    /// <summary>Its value, null where there is none.</summary>
    public string Value => Known is null ? Sql : $"(case when {Known} then {Sql} end)";

    /// <summary>A field of the firm's own.</summary>
    /// <param name="own">The field.</param>
    /// <param name="alias">Of the records' table.</param>
    public static Fact Of(CustomField own, string alias) => new(own.Input, own.IsNumeric ? FactKept.OwnNumber : own.Type == FieldType.Date ? FactKept.Day : FactKept.Text, own.Sql(alias), own.Label)
    {
        Choices = [.. own.Choices.Select(choice => new FactChoice(choice.Value, 0, choice.Label))],
        Level = own.Level,
        IsSettable = own.Type != FieldType.Formula,
        IsGrouped = own.Type == FieldType.Choice,
    };

    /// <summary>A field that holds the number of an enumeration.</summary>
    /// <param name="name">Stable name.</param>
    /// <param name="sql">The column.</param>
    /// <param name="textKey">Of its label.</param>
    /// <param name="word">A value's name as conditions keep it, and the text key of its label.</param>
    public static Fact Enum<T>(string name, string sql, string textKey, Func<T, (string Value, string TextKey)> word) where T : struct, Enum => new(name, FactKept.Code, sql, texts => texts[textKey])
    {
        Choices = [.. System.Enum.GetValues<T>().Select(value => new FactChoice(word(value).Value, Convert.ToInt32(value, CultureInfo.InvariantCulture), texts => texts[word(value).TextKey]))],
    };
}

/// <summary>Facts that a module gives to a kind of record, its own or another module's.</summary>
/// <param name="Kind">Name of the <see cref="Access.Records.RecordKind"/>.</param>
/// <param name="Facts">In order.</param>
public sealed record OfferedFacts(string Kind, IReadOnlyList<Fact> Facts);

/// <summary>Facts of the kinds of record: what modules offer, then the firm's own fields as they are now.</summary>
public sealed class FactBook(IEnumerable<OfferedFacts> offered, FieldBook fields)
{
    private readonly ILookup<string, Fact> modules = offered.SelectMany(one => one.Facts, (one, fact) => (one.Kind, fact)).ToLookup(one => one.Kind, one => one.fact);
    private (string Edition, Dictionary<string, IReadOnlyList<Fact>> Of) known = ("", []);

    /// <summary>All facts of a kind.</summary>
    public IReadOnlyList<Fact> Of(string kind)
    {
        var book = known;
        if (book.Edition != fields.Edition || book.Of.Count == 0)
        {
            // Made whole before others see it.
            book = (fields.Edition, modules.ToDictionary(of => of.Key, of => (IReadOnlyList<Fact>)[.. of, .. fields.Of(of.Key).Select(own => Fact.Of(own, "c"))]));
            known = book;
        }
        return book.Of.GetValueOrDefault(kind) ?? [];
    }
}
