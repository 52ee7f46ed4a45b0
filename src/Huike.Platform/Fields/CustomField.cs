using System.Text.Json.Serialization;
using Huike.Ui;

namespace Huike.Platform.Fields;

/// <summary>What a field of the firm's own holds.</summary>
public enum FieldType
{
    /// <summary>Up to 400 characters.</summary>
    Text = 0,

    /// <summary>Four decimals at most, below 10^14.</summary>
    Number = 1,

    /// <summary>A sum in the firm's currency; as a number.</summary>
    Money = 2,

    /// <summary>A day, without time.</summary>
    Date = 3,

    /// <summary>One of a list.</summary>
    Choice = 4,

    /// <summary>A user, by sign-in name.</summary>
    Person = 5,

    /// <summary>Another record, by # and its id.</summary>
    Record = 6,

    /// <summary>A number computed from the record's other fields whenever one of them is written.</summary>
    Formula = 7,
}

/// <summary>One value to choose.</summary>
/// <param name="Value">As it is kept, and as programs know it.</param>
/// <param name="Chinese">Its words.</param>
/// <param name="English">Its words; empty: as in Chinese.</param>
public sealed record FieldChoice(string Value, string Chinese, string English)
{
    /// <summary>In the reader's language.</summary>
    public string Label(Texts texts) => Said(texts, Chinese, English);

    internal static string Said(Texts texts, string chinese, string english) => texts.Language == "en" && english.Length > 0 ? english : chinese;
}

/// <summary>自定义字段: a field that an administrator gave to a kind of record.</summary>
public sealed record CustomField
{
    /// <summary>Begins the names of such fields in forms, addresses, mappings, histories.</summary>
    public const string Prefix = "custom.";

    /// <summary>Number of the field; 0 while it is new.</summary>
    [JsonIgnore]
    public long Id { get; init; }

    /// <summary>Kind of record, by <see cref="FieldedKind.Name"/>.</summary>
    [JsonIgnore]
    public string Kind { get; init; } = "";

    /// <summary>Stable, for programs: a letter, then at most 39 letters and digits; no two of one kind.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "";

    /// <summary>Rises with each change.</summary>
    [JsonIgnore]
    public int Version { get; init; }

    /// <summary>No longer shown; its values are kept.</summary>
    [JsonIgnore]
    public bool IsRetired { get; init; }

    /// <summary>Its title.</summary>
    public string Chinese { get; init; } = "";

    /// <summary>Its title; empty: as in Chinese.</summary>
    public string English { get; init; } = "";

    /// <summary>What it holds; never changes.</summary>
    public FieldType Type { get; init; }

    /// <summary>Who sees it: 1 all who see the record, 2 staff, 3 who may see personal fields.</summary>
    public int Level { get; init; } = 1;

    /// <summary>A form without it is refused.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Lists can be sorted and sifted by it, over an index of its own; words of an open text are found by the search.</summary>
    public bool IsIndexed { get; init; }

    /// <summary>Order among the fields of its kind.</summary>
    public int Position { get; init; }

    /// <summary>What can be chosen.</summary>
    public IReadOnlyList<FieldChoice> Choices { get; init; } = [];

    /// <summary>How it is computed; see <see cref="Formula"/>.</summary>
    public string Expression { get; init; } = "";

    /// <summary>Kind of the records that it leads to.</summary>
    public string Target { get; init; } = "";

    private Formula? formula;

    /// <summary>The expression, read once.</summary>
    [JsonIgnore]
    internal Formula Formula => formula ??= Formula.Parse(Expression);

    /// <summary>Name in forms, addresses, mappings and histories.</summary>
    [JsonIgnore]
    public string Input => Prefix + Name;

    /// <summary>Compared as a number.</summary>
    [JsonIgnore]
    public bool IsNumeric => Type is FieldType.Number or FieldType.Money or FieldType.Formula;

    /// <summary>Of an order by it a reader wants the largest first.</summary>
    [JsonIgnore]
    public bool DescendsFirst => IsNumeric || Type == FieldType.Date;

    /// <summary>Its words count in the search for records.</summary>
    [JsonIgnore]
    public bool IsSearched => IsIndexed && Type == FieldType.Text && Level == 1;

    /// <summary>Name as a column and an order of lists.</summary>
    [JsonIgnore]
    public string Column => "custom-" + Name;

    /// <summary>Its title in the reader's language.</summary>
    public string Label(Texts texts) => FieldChoice.Said(texts, Chinese, English);

    /// <summary>
    /// The value as SQL, the same for rows, conditions and the index: text, or a double for numbers; never null, an empty one comes first.
    /// </summary>
    /// <param name="alias">Of the record's table; empty within an index.</param>
    public string Sql(string alias)
    {
        var text = $"({(alias.Length > 0 ? alias + "." : "")}custom ->> '{Name}')";
        return IsNumeric ? $"coalesce(cast({text} as double precision), -1e300)" : $"coalesce({text}, '')";
    }
}

/// <summary>A kind of record that can have fields of the firm's own. Its table has the columns <c>id</c>, <c>version</c> and <c>custom</c>.</summary>
/// <param name="Name">Stable: <c>customers</c>.</param>
/// <param name="TextKey">What they are called, several of them.</param>
/// <param name="Table">Where they lie.</param>
/// <param name="Number">Column of what people type to mean one of them.</param>
/// <param name="Shown">SQL of what one of them is called, over the table's alias <c>c</c>.</param>
/// <param name="Path">Page of a record, with {0} for its id.</param>
/// <param name="Audited">Name of the kind by which the audit knows them.</param>
public sealed record FieldedKind(string Name, string TextKey, string Table, string Number, string Shown, string Path, string Audited)
{
    /// <summary>The policy's name for them; null where a permission alone decides.</summary>
    public Access.Records.RecordKind? Records { get; init; }

    /// <summary>The kind of record by whose levels a role says how far fields are shown.</summary>
    public required Access.Records.RecordKind Levels { get; init; }

    /// <summary>What one must hold to be shown them.</summary>
    public required string Permission { get; init; }

    /// <summary>Records of the interface for programs that have the fields as <c>custom</c>.</summary>
    public IReadOnlyList<string> ApiSchemas { get; init; } = [];

    /// <summary>Operation of the interface for programs that lists them; empty: none.</summary>
    public string ApiList { get; init; } = "";
}
