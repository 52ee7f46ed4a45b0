using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Huike.Platform.Conditions;
using Huike.Platform.Data;

namespace Huike.Platform.Rules;

/// <summary>What a version of a rule says: when, if, then.</summary>
internal sealed record RuleDefinition
{
    public const int MostConditions = 10;
    public const int MostActs = 6;

    /// <summary>Name of the trigger that is no event: once a day, over all records.</summary>
    public const string Daily = "daily";

    /// <summary>Never a second time on the same record.</summary>
    public const int Never = -1;

    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsonStringEnumConverter() } };

    /// <summary>Name of a trigger.</summary>
    public string When { get; init; } = "";

    /// <summary>Only where one of these changed; empty: whichever.</summary>
    public IReadOnlyList<string> Changed { get; init; } = [];

    /// <summary>Of a daily rule: from this hour on, 0 to 23, in the firm's zone.</summary>
    public int Hour { get; init; } = 8;

    /// <summary>Of a daily rule: at most so many records a day, 1 to 100,000; the rest follows on the days after.</summary>
    public int Most { get; init; } = 500;

    /// <summary>Not again on the same record for so many days; 0: each time; <see cref="Never"/>.</summary>
    public int Again { get; init; }

    /// <summary>One condition is enough.</summary>
    public bool Any { get; init; }

    public IReadOnlyList<FactCondition> Conditions { get; init; } = [];

    /// <summary>The conditions as one; null where there are none.</summary>
    [JsonIgnore]
    public Condition? If => Conditions.Count == 0 ? null : new ConditionGroup(Any, Conditions);

    public IReadOnlyList<RuleAct> Acts { get; init; } = [];

    /// <summary>In which values are written into texts: that of who wrote the rule.</summary>
    public string Language { get; init; } = "zh-CN";

    [JsonIgnore]
    public bool IsDaily => When == Daily;

    public string Write() => JsonSerializer.Serialize(this, Options);

    public static RuleDefinition Read(string json) => JsonSerializer.Deserialize<RuleDefinition>(json, Options) ?? new();
}

/// <summary>自动化规则: when something happens or a day comes, and if it is so, then something is done (H18).</summary>
internal sealed record Rule(long Id, string Subject, string Name, bool IsOn, int Version, RuleDefinition Definition)
{
    public const int Most = 200;

    private const string Query = "select r.id, r.subject, r.name, r.is_on, v.version, v.definition from platform_rule r join platform_rule_version v on v.rule_id = r.id";

    /// <summary>All of them by name: a firm has some dozens, at most <see cref="Most"/>.</summary>
    public static Task<List<Rule>> All(DbConnection connection, CancellationToken ct) => connection.Rows($"{Query} and v.version = r.version order by r.name, r.id limit {Most}", Map, ct);

    /// <summary>Those that are on and begin so.</summary>
    public static Task<List<Rule>> On(DbConnection connection, string when, CancellationToken ct) => connection.Rows($"{Query} and v.version = r.version where r.is_on = 1 and r.begins = @when order by r.id", Map, ct, ("when", when));

    /// <param name="connection">Reads.</param>
    /// <param name="id">Which.</param>
    /// <param name="version">Null: the present one.</param>
    /// <param name="ct">Ends the read.</param>
    /// <exception cref="RuleException"><c>rules.unknown</c>.</exception>
    public static async Task<Rule> Find(DbConnection connection, long id, int? version, CancellationToken ct) =>
        await connection.First($"{Query} and v.version = {(version is null ? "r.version" : "@version")} where r.id = @id", Map, ct, [("id", id), .. version is null ? [] : ((string, object?)[])[("version", version)]]) ?? throw new RuleException("rules.unknown");

    private static Rule Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt32(3) == 1, row.GetInt32(4), RuleDefinition.Read(row.GetString(5)));
}
