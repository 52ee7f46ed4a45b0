using System.Text.Json;
using Huike.Platform.Access.Records;

namespace Huike.Platform.Access.Roles;

/// <summary>字段级别: how far fields are shown, by level: 1 open, 2 internal, 3 personal, 4 sensitive.</summary>
/// <param name="Clear">Fields up to this level are shown.</param>
/// <param name="Reveal">Fields up to this level, masked at first, are shown one by one when asked for, with a reason that is logged.</param>
public readonly record struct FieldAccess(int Clear, int Reveal)
{
    /// <summary>The open fields.</summary>
    public static readonly FieldAccess Least = new(1, 1);

    /// <summary>All fields.</summary>
    public static readonly FieldAccess Full = new(4, 4);

    /// <summary>What either of two shows.</summary>
    public FieldAccess Or(FieldAccess other) => new(Math.Max(Clear, other.Clear), Math.Max(Reveal, other.Reveal));
}

/// <summary>What a role permits.</summary>
/// <param name="Scopes">By permission, on whose records; a permission that isn't about records is held for all or for none.</param>
/// <param name="Fields">By kind of record.</param>
public sealed record RoleDefinition(IReadOnlyDictionary<string, RecordScope> Scopes, IReadOnlyDictionary<string, FieldAccess> Fields)
{
    /// <summary>Permits nothing.</summary>
    public static readonly RoleDefinition Nothing = new(new Dictionary<string, RecordScope>(), new Dictionary<string, FieldAccess>());

    /// <summary>On whose records a permission is held.</summary>
    public RecordScope ScopeOf(string permission) => Scopes.GetValueOrDefault(permission);

    /// <summary>This one where it says something, else what <paramref name="shipped"/> says: changes lie over the shipped definition, so that a later version can improve what was not changed.</summary>
    public RoleDefinition Over(RoleDefinition shipped) => new(Merged(shipped.Scopes, Scopes), Merged(shipped.Fields, Fields));

    /// <summary>What this one says otherwise than <paramref name="shipped"/>.</summary>
    public RoleDefinition Without(RoleDefinition shipped) => new(
        Scopes.Where(entry => shipped.ScopeOf(entry.Key) != entry.Value).ToDictionary(),
        Fields.Where(entry => shipped.Fields.GetValueOrDefault(entry.Key, FieldAccess.Least) != entry.Value).ToDictionary());

    internal string Write() => JsonSerializer.Serialize(this);

    internal static RoleDefinition Read(string json) => JsonSerializer.Deserialize<RoleDefinition>(json) ?? Nothing;

    private static Dictionary<string, T> Merged<T>(IReadOnlyDictionary<string, T> below, IReadOnlyDictionary<string, T> above)
    {
        var merged = below.ToDictionary();
        foreach (var (key, value) in above) { merged[key] = value; }
        return merged;
    }
}

/// <summary>A part of a shipped role, offered by the module that it is about.</summary>
/// <param name="Role">Name of the role.</param>
/// <param name="Definition">What the module gives it.</param>
public sealed record ShippedPart(string Role, RoleDefinition Definition);

/// <summary>角色: what somebody who has it may do.</summary>
/// <param name="Name">Stable; of shipped ones a word of H0, of the firm's own ones made from its number.</param>
/// <param name="Title">As the firm calls it; empty: the shipped name.</param>
/// <param name="IsShipped">Whether it came with the program.</param>
/// <param name="Definition">What is in force.</param>
/// <param name="Shipped">What it would be unchanged.</param>
/// <param name="IsClosed">Given to nobody any more.</param>
/// <param name="Version">0 where nothing was changed.</param>
public sealed record Role(string Name, string Title, bool IsShipped, RoleDefinition Definition, RoleDefinition Shipped, bool IsClosed, int Version);
