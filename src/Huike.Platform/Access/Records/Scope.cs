using System.Globalization;

namespace Huike.Platform.Access.Records;

/// <summary>Why a record may be had.</summary>
public enum ArmKind
{
    /// <summary>Every record may.</summary>
    Everything = 0,

    /// <summary>Its owner is one of these users.</summary>
    Owner = 1,

    /// <summary>It belongs to one of these units.</summary>
    Unit = 2,

    /// <summary>It was shared with the user, or with a unit of the user's.</summary>
    Share = 3,

    /// <summary>It is the file of the customer who signed in.</summary>
    Self = 4,

    /// <summary>It waits in one of these pools, for somebody to look after it. No role gives it: a module that has pools asks by it for what waits.</summary>
    Pool = 5,
}

/// <summary>One reason for which records may be had.</summary>
/// <param name="Kind">Which reason.</param>
/// <param name="Ids">Users, units or customers that it speaks of.</param>
/// <param name="Subject">Through whom: the user, or somebody whom the user stands in for.</param>
/// <param name="Grant">The role's permission behind it; null for shares.</param>
public sealed record Arm(ArmKind Kind, IReadOnlyList<long> Ids, Subject Subject, Grant? Grant)
{
    /// <summary>The condition on a record. Ids are numbers of ours: nothing foreign gets into the text.</summary>
    /// <param name="kind">Which records.</param>
    /// <param name="alias">Name of their table in the statement.</param>
    /// <param name="plain">Keeps SQLite from taking an index for it; for statements that walk along another.</param>
    internal string Sql(RecordKind kind, string alias, bool plain)
    {
        var column = plain ? $"+{alias}." : $"{alias}.";
        return Kind switch
        {
            ArmKind.Everything => "1 = 1",
            ArmKind.Owner => $"{column}owner_id in ({List(Ids)})",
            ArmKind.Unit => $"{column}unit_id in ({List(Ids)})",
            ArmKind.Pool => $"{column}{kind.PoolColumn} in ({List(Ids)})",
            ArmKind.Self => $"{column}{kind.SelfColumn} in ({List(Ids)})",
            _ => $"{column}id in (select record_id from platform_share where record_kind = '{kind.Name}' and (user_id = {Subject.UserId.ToString(CultureInfo.InvariantCulture)} or unit_id in ({List(Ids)})) "
                + $"and (until_at is null or until_at > @scopeNow){(Grant is null ? "" : " and may_edit")})",
        };
    }

    private static string List(IReadOnlyList<long> ids) => ids.Count == 0 ? "-1" : string.Join(',', ids);
}

/// <summary>范围: which records of a kind a user may have for one action. The same reasons give the filter of a list, the check of one record, and the why.</summary>
/// <param name="Kind">Which records.</param>
/// <param name="Arms">Any of these will do; none: no record.</param>
/// <param name="Now">Shares count until they end.</param>
public sealed record Scope(RecordKind Kind, IReadOnlyList<Arm> Arms, DateTimeOffset Now)
{
    /// <summary>No record is left out.</summary>
    public bool IsEverything { get; } = Arms.Any(arm => arm.Kind == ArmKind.Everything);

    /// <summary>The records of one owner or of one pool, which lie in one stretch of an index.</summary>
    public bool IsOwners => Arms is [{ Kind: ArmKind.Owner or ArmKind.Pool, Ids.Count: 1 }];

    /// <summary>Same for the same records: what is remembered of them is kept under it.</summary>
    public string Key => IsEverything ? "" : Arms.Count == 0 ? "nobody" : string.Join(' ', Arms.Select(arm => $"{arm.Kind}:{arm.Subject.UserId}:{string.Join(',', arm.Ids)}"));

    /// <summary>Values for the condition.</summary>
    public IEnumerable<(string Name, object? Value)> Parameters => Arms.Any(arm => arm.Kind == ArmKind.Share) ? [("scopeNow", Now)] : [];

    /// <summary>The condition on a record, in brackets.</summary>
    /// <param name="alias">Name of their table in the statement.</param>
    /// <param name="plain">Keeps SQLite from taking an index for it; for statements that walk along another.</param>
    public string Sql(string alias, bool plain = false) => Arms.Count == 0 ? "(1 = 0)" : IsEverything ? "(1 = 1)" : $"({string.Join(" or ", Arms.Select(arm => arm.Sql(Kind, alias, plain)))})";

    /// <summary>The number of the first reason that holds, from 1; 0 where none does.</summary>
    internal string SqlOfReason(string alias) => Arms.Count == 0 ? "0" : $"case {string.Join(' ', Arms.Select((arm, i) => $"when {arm.Sql(Kind, alias, plain: false)} then {(i + 1).ToString(CultureInfo.InvariantCulture)}"))} else 0 end";
}
