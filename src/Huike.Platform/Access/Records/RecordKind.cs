namespace Huike.Platform.Access.Records;

/// <summary>What may be done with a record.</summary>
public enum RecordAction
{
    /// <summary>See it, alone and in lists.</summary>
    Read = 0,

    /// <summary>Make a new one.</summary>
    Create = 1,

    /// <summary>Change it.</summary>
    Edit = 2,

    /// <summary>Give it to another owner; apart from changing it.</summary>
    Assign = 3,

    /// <summary>Remove it.</summary>
    Delete = 4,

    /// <summary>Take it away in a file.</summary>
    Export = 5,
}

/// <summary>范围: of whose records.</summary>
public enum RecordScope
{
    /// <summary>Of none.</summary>
    None = 0,

    /// <summary>本人: one's own.</summary>
    Own = 1,

    /// <summary>本团队: those of one's units, main and further.</summary>
    Team = 2,

    /// <summary>本单位及下属: those of one's units and of all below them.</summary>
    Below = 3,

    /// <summary>全部: all.</summary>
    All = 4,
}

/// <summary>A kind of record that has an owner, offered by a module. Its table has the columns <c>id</c>, <c>owner_id</c> and <c>unit_id</c>.</summary>
/// <param name="Name">Stable: <c>customers</c>. Permissions are named <c>customers.read</c> and so on.</param>
/// <param name="Table">Where they lie.</param>
/// <param name="TextKey">Key of what they are called, several of them.</param>
/// <param name="Unknown">Code of the refusal where there is no such record, or none that the user may see.</param>
/// <param name="Audited">Name of the <see cref="Audit.AuditedKind"/> by which the audit knows them.</param>
/// <param name="Actions">What can be done with them.</param>
/// <param name="SelfColumn">The column that says whose record it is where a customer signs in; null where customers have none.</param>
/// <param name="PoolColumn">The column that says in which pool a record without an owner waits; null where there are no pools.</param>
public sealed record RecordKind(string Name, string Table, string TextKey, string Unknown, string Audited, IReadOnlyList<RecordAction> Actions, string? SelfColumn = null, string? PoolColumn = null)
{
    private static readonly string[] Names = [.. Enum.GetValues<RecordAction>().Select(action => "." + action.ToString().ToLowerInvariant())];

    /// <summary>Name of the permission.</summary>
    public string Permission(RecordAction action) => Name + Names[(int)action];
}
