using System.Globalization;
using System.Security.Claims;
using Huike.Platform.Access.Roles;

namespace Huike.Platform.Access.Records;

/// <summary>Somebody whose permissions a user has: the user's own, and those of whom the user stands in for.</summary>
/// <param name="UserId">Whose.</param>
/// <param name="Name">Sign-in name.</param>
/// <param name="Units">Main and further units.</param>
/// <param name="Below">Those, and all below them.</param>
/// <param name="IsSelf">False for one whom the user stands in for.</param>
public sealed record Subject(long UserId, string Name, IReadOnlyList<long> Units, IReadOnlyList<long> Below, bool IsSelf);

/// <summary>One permission that a role gives somebody.</summary>
/// <param name="Permission">Its name.</param>
/// <param name="Scope">On whose records; <see cref="RecordScope.All"/> where it isn't about records.</param>
/// <param name="Role">Name of the role.</param>
/// <param name="Subject">Who has the role.</param>
public sealed record Grant(string Permission, RecordScope Scope, string Role, Subject Subject);

/// <summary>What a user may do, from roles, units, deputies and shares: everything that decides is in here, so that lists, single records and reasons agree.</summary>
/// <param name="UserId">Who.</param>
/// <param name="Grants">Permissions, the user's own first.</param>
/// <param name="Fields">By kind of record, how far fields are shown.</param>
/// <param name="SharedKinds">Kinds of record of which something was shared with the user, or with a unit of the user's.</param>
/// <param name="Above">The user's units and all above them: what is shared with one of them is shared with the user.</param>
/// <param name="CustomerId">The customer whom the account belongs to; null for staff and partners.</param>
public sealed record UserAccess(long UserId, IReadOnlyList<Grant> Grants, IReadOnlyDictionary<string, FieldAccess> Fields, IReadOnlySet<string> SharedKinds, IReadOnlyList<long> Above, long? CustomerId)
{
    /// <summary>Of one who isn't known.</summary>
    public static readonly UserAccess None = new(0, [], new Dictionary<string, FieldAccess>(), new HashSet<string>(), [], null);

    /// <summary>Permissions that the user holds, and that the token by which the request came may not use.</summary>
    public IReadOnlySet<string> Withheld { get; private init; } = new HashSet<string>();

    /// <summary>Whether the request came by a token that may not use everything that its user holds or will hold.</summary>
    public bool IsNarrowed { get; private init; }

    private readonly Dictionary<string, RecordScope> widest = Grants.GroupBy(grant => grant.Permission).ToDictionary(of => of.Key, of => of.Max(grant => grant.Scope));

    /// <summary>Names of the permissions held, on whosesoever records.</summary>
    public IEnumerable<string> Permissions => widest.Where(entry => entry.Value > RecordScope.None).Select(entry => entry.Key);

    /// <summary>On whose records a permission is held at most.</summary>
    public RecordScope Widest(string permission) => widest.GetValueOrDefault(permission) is var own && widest.GetValueOrDefault(Access.Permissions.All) is var all && all > own ? all : own;

    /// <summary>How far fields of a kind of record are shown.</summary>
    public FieldAccess FieldsOf(RecordKind kind) => Widest(Access.Permissions.All) == RecordScope.All ? FieldAccess.Full : Fields.GetValueOrDefault(kind.Name, FieldAccess.Least);

    /// <summary>The same with some of the permissions alone.</summary>
    /// <param name="allows">Whether a permission stays.</param>
    /// <param name="known">All permissions that there are: the administrator's one stands for each of them.</param>
    /// <param name="kinds">All kinds of record; their fields are shown as before.</param>
    internal UserAccess Only(Func<string, bool> allows, IReadOnlyList<string> known, IEnumerable<RecordKind> kinds)
    {
        var whole = Grants.Where(grant => grant.Scope > RecordScope.None).SelectMany(grant => grant.Permission == Access.Permissions.All ? known.Select(name => grant with { Permission = name }) : [grant]).ToList();
        var kept = whole.FindAll(grant => allows(grant.Permission));
        return new(UserId, kept, kinds.ToDictionary(kind => kind.Name, FieldsOf), SharedKinds, Above, CustomerId)
        {
            IsNarrowed = true,
            Withheld = whole.Select(grant => grant.Permission).Except(kept.Select(grant => grant.Permission)).ToHashSet(),
        };
    }

    /// <summary>Which records the user may have for an action.</summary>
    public Scope Scope(RecordKind kind, RecordAction action, DateTimeOffset now)
    {
        var permission = kind.Permission(action);
        var held = Grants.Where(grant => (grant.Permission == permission || grant.Permission == Access.Permissions.All) && grant.Scope > RecordScope.None).ToList();
        var arms = new List<Arm>();
        foreach (var of in held.GroupBy(grant => grant.Subject))
        {
            var subject = of.Key;
            var most = of.MaxBy(grant => grant.Scope)!;
            if (most.Scope == RecordScope.All)
            {
                // What is one's own stays one's own, also where one stands in for somebody who may have all.
                arms.Add(new(ArmKind.Everything, [], subject, most));
                return new(kind, arms, now);
            }
            arms.Add(new(ArmKind.Owner, [subject.UserId], subject, of.MinBy(grant => grant.Scope)));
            if (most.Scope >= RecordScope.Team) { arms.Add(new(ArmKind.Unit, most.Scope == RecordScope.Below ? subject.Below : subject.Units, subject, most)); }
            if (subject.IsSelf && CustomerId is { } customer && kind.SelfColumn is not null) { arms.Add(new(ArmKind.Self, [customer], subject, most)); }
        }
        // A share opens a record to who may have such records at all; it gives away neither the record nor what it lies in.
        if (held.Find(grant => grant.Subject.IsSelf) is { } own && SharedKinds.Contains(kind.Name) && action is (RecordAction.Read or RecordAction.Edit or RecordAction.Export))
        {
            arms.Add(new(ArmKind.Share, Above, own.Subject, action == RecordAction.Edit ? own : null));
        }
        return new(kind, arms, now);
    }
}

/// <summary>The signed-in user with what the user may do.</summary>
internal sealed class AccessPrincipal(ClaimsIdentity identity, UserAccess access) : ClaimsPrincipal(identity)
{
    public UserAccess Access { get; } = access;

    /// <summary>The principal of a request.</summary>
    /// <param name="scheme">How the user came in.</param>
    /// <param name="userId">Who.</param>
    /// <param name="name">Sign-in name.</param>
    /// <param name="displayName">Shown to colleagues; may be empty.</param>
    /// <param name="access">What the user may do.</param>
    /// <param name="by">The session or token.</param>
    public static AccessPrincipal Of(string scheme, long userId, string name, string displayName, UserAccess access, Claim by)
    {
        var identity = new ClaimsIdentity(scheme);
        identity.AddClaim(new(ClaimTypes.NameIdentifier, userId.ToString(CultureInfo.InvariantCulture)));
        identity.AddClaim(new(ClaimTypes.Name, name));
        identity.AddClaim(new("name", displayName.Length > 0 ? displayName : name));
        identity.AddClaim(by);
        identity.AddClaims(access.Permissions.Select(permission => new Claim(Platform.Access.Permissions.Claim, permission)));
        return new(identity, access);
    }
}

/// <summary>Reads what a request's user may do.</summary>
public static class UserAccessOfPrincipal
{
    /// <summary>What the user may do; nothing where nobody is signed in.</summary>
    public static UserAccess Access(this ClaimsPrincipal user) => (user as AccessPrincipal)?.Access ?? UserAccess.None;
}
