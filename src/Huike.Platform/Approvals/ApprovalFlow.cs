using System.Data.Common;
using System.Text.Json;
using Huike.Platform.Data;

namespace Huike.Platform.Approvals;

/// <summary>Who decides at a step.</summary>
internal enum ApproverBy
{
    /// <summary>Named people.</summary>
    People = 0,

    /// <summary>Everyone who has a role.</summary>
    Role = 1,

    /// <summary>The leader of the asker's unit, or of the nearest above that has one.</summary>
    Leader = 2,

    /// <summary>The same, from one unit up on.</summary>
    LeaderAbove = 3,
}

/// <summary>What happens where a step has nobody.</summary>
internal enum EmptyRule
{
    /// <summary>It is left out.</summary>
    Skip = 0,

    /// <summary>A person who is named for it decides.</summary>
    Person = 1,

    /// <summary>It can't be asked.</summary>
    Refuse = 2,
}

/// <summary>What happens where the asker would decide himself.</summary>
internal enum AskerRule
{
    /// <summary>He doesn't.</summary>
    Skip = 0,

    /// <summary>The leader above him does.</summary>
    Leader = 1,

    /// <summary>He does.</summary>
    Let = 2,
}

/// <summary>One step of a flow.</summary>
/// <param name="Name">1 to 60 characters.</param>
/// <param name="By">Who decides.</param>
/// <param name="Who">Sign-in names with commas between, or the name of a role; empty for leaders.</param>
/// <param name="Mode">How several decide.</param>
/// <param name="From">From this amount on; null: from any.</param>
/// <param name="Below">Up to, and without, this amount; null: without limit.</param>
internal sealed record FlowStep(string Name, ApproverBy By, string Who, StationMode Mode, decimal? From, decimal? Below)
{
    public EmptyRule Empty { get; init; }

    /// <summary>Sign-in name of who decides where nobody else does.</summary>
    public string EmptyPerson { get; init; } = "";

    public AskerRule Asker { get; init; }

    /// <summary>Whether it is asked for the amount; none counts as 0.</summary>
    public bool IsFor(decimal amount) => (From is null || amount >= From) && (Below is null || amount < Below);

    /// <summary>Several names as they were typed.</summary>
    public static IEnumerable<string> Names(string typed) => typed.Split([',', '，', '、', ';', '；'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase);
}

/// <summary>What a version of a flow says.</summary>
/// <param name="Steps">In their order.</param>
/// <param name="Copy">抄送: sign-in names of who may look on, with commas between.</param>
internal sealed record FlowDefinition(IReadOnlyList<FlowStep> Steps, string Copy)
{
    public const int MostSteps = 12;

    public static readonly FlowDefinition Nothing = new([], "");

    public string Write() => JsonSerializer.Serialize(this);

    public static FlowDefinition Read(string json) => JsonSerializer.Deserialize<FlowDefinition>(json) ?? Nothing;
}

/// <summary>审批流程: how something is approved.</summary>
internal sealed record ApprovalFlow(long Id, string Name, bool IsOn, int Version, FlowDefinition Definition)
{
    public static readonly ApprovalFlow New = new(0, "", true, 0, FlowDefinition.Nothing);

    private const int Most = 200;
    private const string Query = "select f.id, f.name, f.is_on, v.version, v.definition from platform_approval_flow f join platform_approval_flow_version v on v.flow_id = f.id";

    /// <summary>By name; a firm has some dozens.</summary>
    public static Task<List<ApprovalFlow>> All(DbConnection connection, CancellationToken ct) => connection.Rows($"{Query} and v.version = f.version order by f.name, f.id limit {Most}", Map, ct);

    /// <exception cref="RuleException"><c>approvals.flow.unknown</c>.</exception>
    public static async Task<ApprovalFlow> Find(DbConnection connection, long id, int? version, CancellationToken ct) =>
        await connection.First($"{Query} and v.version = {(version is null ? "f.version" : "@version")} where f.id = @id", Map, ct, [("id", id), .. version is null ? [] : ((string, object?)[])[("version", version)]]) ?? throw new RuleException("approvals.flow.unknown");

    private static ApprovalFlow Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetInt32(2) == 1, row.GetInt32(3), FlowDefinition.Read(row.GetString(4)));
}
