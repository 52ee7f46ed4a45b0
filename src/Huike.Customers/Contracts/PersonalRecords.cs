namespace Huike.Customers.Contracts;

/// <summary>What becomes of rows when their person is erased.</summary>
public enum PersonalFate
{
    /// <summary>They go.</summary>
    Erased = 0,

    /// <summary>They stay as facts, without what tells of the person.</summary>
    Emptied = 1,

    /// <summary>They stay, of a customer who has no name any more: figures.</summary>
    Anonymous = 2,

    /// <summary>They stay because the law wants accounts kept, of a customer who has no name any more.</summary>
    KeptByLaw = 3,
}

/// <summary>How a column is written in a copy for the person.</summary>
public enum PersonalValue
{
    /// <summary>Text, or a whole number.</summary>
    Plain = 0,

    /// <summary>Money or quantity: whole ten-thousandths.</summary>
    Amount = 1,

    /// <summary>An instant.</summary>
    Instant = 2,

    /// <summary>Yes or no.</summary>
    Flag = 3,
}

/// <summary>A column that a person gets a copy of.</summary>
/// <param name="Name">As it is called in the copy.</param>
/// <param name="Sql">The column.</param>
/// <param name="Value">How it is written.</param>
/// <param name="Names">An enumeration of which it holds the numbers; null: none.</param>
public sealed record PersonalColumn(string Name, string Sql, PersonalValue Value = PersonalValue.Plain, Type? Names = null);

/// <summary>
/// Rows that a module keeps of a customer, offered as a singleton: a copy for the person holds them, and an erasure does with them what is said here.
/// A test fails where a table has customers and nobody says what becomes of them.
/// </summary>
/// <param name="Name">In the copy, and of the text key <c>privacy.records.</c></param>
/// <param name="Table">The table, with an alias where columns need one.</param>
/// <param name="Fate">What an erasure does.</param>
/// <param name="Columns">What the copy holds; columns that are the firm's own business are left out.</param>
public sealed record PersonalRecords(string Name, string Table, PersonalFate Fate, params IReadOnlyList<PersonalColumn> Columns)
{
    /// <summary>Which rows are the customer's.</summary>
    public string Where { get; init; } = "customer_id = @id";

    /// <summary>Order of the rows in the copy.</summary>
    public string Order { get; init; } = "";

    /// <summary>Assignments that empty rows; null where the erasure has a way of its own.</summary>
    public string? Emptying { get; init; }

    /// <summary>Rows among them that hold something to empty; null: all.</summary>
    public string? Holding { get; init; }

    /// <summary>What becomes of them where the customer's file becomes part of another one; null: they are not touched, or computed anew.</summary>
    public MergeMove? Merge { get; init; } = new();

    /// <summary>The same for a second column with a customer; null: there is none.</summary>
    public MergeMove? AlsoMerge { get; init; }

    /// <summary>
    /// Columns with the customer by which rows go into the bin with his file, and come back; by default those of a merge, where an erasure leaves nothing of the rows but figures.
    /// Empty: they stay where they are, of a customer who is not there for a while.
    /// </summary>
    public IReadOnlyList<string> Binned
    {
        get => binned ?? (Fate is PersonalFate.Erased or PersonalFate.Anonymous ? [.. new[] { Merge, AlsoMerge }.OfType<MergeMove>().Where(move => move.Where == new MergeMove().Where).Select(move => move.Column)] : []);
        init => binned = value;
    }

    private readonly IReadOnlyList<string>? binned;

    /// <summary>The table without what is joined to it.</summary>
    public string Rows => Table.Split(' ')[0];
}

/// <summary>How rows go over to another customer when two files become one, and back. By default they all do, known by their <c>id</c>.</summary>
public sealed record MergeMove
{
    /// <summary>The column with the customer.</summary>
    public string Column { get; init; } = "customer_id";

    /// <summary>A number by which each row is known again.</summary>
    public string Key { get; init; } = "id";

    /// <summary>Which rows of the table are meant; columns without a table before them.</summary>
    public string Where { get; init; } = "1 = 1";

    /// <summary>Where a row <c>b</c> of the other customer is as good as the row <c>a</c>: then <c>a</c> is set aside until the merge is undone. <c>1 = 0</c>: none is; <c>1 = 1</c>: one row is enough.</summary>
    public string Twin { get; init; } = "1 = 0";

    /// <summary>Rows <c>a</c> that would mean nothing with the other customer, and are set aside too: one that ties the two together.</summary>
    public string Apart { get; init; } = "1 = 0";

    /// <summary>The column with the moment at which a row was made, where rows can be removed: a later one that got the number of one that was removed is not taken for it. Null: rows stay.</summary>
    public string? MadeAt { get; init; }

    /// <summary>They are all set aside, whatever the other one has.</summary>
    public bool IsSetAside { get; init; }

    /// <summary>A flag that only one row of a customer may have; null: none.</summary>
    public string? Flag { get; init; }

    /// <summary>The column within whose values only one may have it; null: only one of all.</summary>
    public string? FlagWithin { get; init; }
}
