using System.Data.Common;
using System.Text.Json;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Huike.Ui;

namespace Huike.Customers.Exports;

/// <summary>What a rule says of an export.</summary>
internal enum ExportVerdict
{
    /// <summary>It is made at once.</summary>
    Allow = 0,

    /// <summary>Somebody has to approve it first.</summary>
    Approve = 1,

    /// <summary>It isn't made.</summary>
    Refuse = 2,
}

/// <summary>What rules look at.</summary>
/// <param name="Kind">Kind of what leaves.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="IsPersonal">Whether fields are in it that show personal values unmasked.</param>
/// <param name="Purpose">Code of what it is for; null: not chosen yet, and any will do.</param>
/// <param name="Today">Rows that the person has taken or asked for since the firm's midnight.</param>
/// <param name="IsWorking">Whether the person's calendar has working hours now.</param>
/// <param name="Access">Who asks.</param>
internal sealed record ExportCase(string Kind, long Rows, bool IsPersonal, string? Purpose, long Today, bool IsWorking, UserAccess Access);

/// <summary>导出规则: of whom and what it speaks, and what it says. All that is given has to hold.</summary>
internal sealed record ExportRule
{
    public const int MostRules = 20;

    /// <summary>Where no rule speaks of an export.</summary>
    public static readonly ExportRule Nothing = new() { Name = "exports.rule.nothing", Verdict = ExportVerdict.Refuse };

    /// <summary>As the firm calls it, or a text key of a shipped one.</summary>
    public string Name { get; init; } = "";

    public ExportVerdict Verdict { get; init; }

    /// <summary>Of who has this role; empty: of everybody.</summary>
    public string Role { get; init; } = "";

    /// <summary>Of this unit and those below it; null: of all.</summary>
    public long? Unit { get; init; }

    /// <summary>Of this kind; empty: of all.</summary>
    public string Kind { get; init; } = "";

    /// <summary>True: only with unmasked personal fields; false: only without; null: either.</summary>
    public bool? Personal { get; init; }

    /// <summary>Up to so many rows; null: any number.</summary>
    public long? MostRows { get; init; }

    /// <summary>Up to so many rows of a person and day, this file included; null: any number.</summary>
    public long? MostPerDay { get; init; }

    /// <summary>Only within the person's working hours.</summary>
    public bool WorkingHours { get; init; }

    /// <summary>Codes of the purposes for which it speaks; none: for all.</summary>
    public IReadOnlyList<string> Purposes { get; init; } = [];

    /// <summary>Role that approves; empty: the asker's leader, and an administrator where there is none.</summary>
    public string Approver { get; init; } = "";

    /// <summary>Whether the file says in its first row who took it away, and for what.</summary>
    public bool IsMarked { get; init; } = true;

    /// <summary>How often a file that was made can be downloaded.</summary>
    public int Downloads { get; init; } = 3;

    /// <summary>For how many days.</summary>
    public int Days { get; init; } = 7;

    public string Told(Texts texts) => texts.Has(Name) ? texts[Name] : Name;

    public bool Fits(ExportCase of) => FitsBesideRows(of) && (MostRows is null || of.Rows <= MostRows) && (MostPerDay is null || of.Today + of.Rows <= MostPerDay);

    /// <summary>Up to how many rows it speaks, everything else being as it is; null: of none.</summary>
    public long? Reach(ExportCase of) => !FitsBesideRows(of) ? null : Math.Max(0, Math.Min(MostRows ?? long.MaxValue, MostPerDay is { } day ? day - of.Today : long.MaxValue));

    private bool FitsBesideRows(ExportCase of) =>
        (Role.Length == 0 || of.Access.Grants.Any(grant => grant.Subject.IsSelf && grant.Role == Role))
        && (Unit is null || of.Access.Above.Contains(Unit.Value))
        && (Kind.Length == 0 || Kind == of.Kind)
        && (Personal is null || Personal == of.IsPersonal)
        && (!WorkingHours || of.IsWorking)
        && (Purposes.Count == 0 || of.Purpose is null || Purposes.Contains(of.Purpose));
}

/// <summary>The rules in force, tried in their order: the first that fits decides.</summary>
/// <param name="Version">0: as shipped.</param>
/// <param name="Rules">In their order.</param>
internal sealed record ExportRules(long Version, IReadOnlyList<ExportRule> Rules)
{
    /// <summary>Small files at once, larger ones by approval, no limitless ones.</summary>
    public static readonly ExportRules Shipped = new(0,
    [
        new() { Name = "exports.rule.personal", Verdict = ExportVerdict.Allow, Personal = true, MostRows = 500, MostPerDay = 2_000, IsMarked = false },
        new() { Name = "exports.rule.small", Verdict = ExportVerdict.Allow, Personal = false, MostRows = 5_000, MostPerDay = 20_000, IsMarked = false },
        new() { Name = "exports.rule.large", Verdict = ExportVerdict.Approve, MostRows = 100_000, MostPerDay = 200_000 },
        new() { Name = "exports.rule.huge", Verdict = ExportVerdict.Refuse },
    ]);

    /// <summary>Those in force; of the others, the newest first.</summary>
    public static async Task<ExportRules> Now(DbConnection connection, CancellationToken ct) =>
        await connection.First("select id, rules from customers_export_rules order by id desc limit 1", row => new ExportRules(row.GetInt64(0), JsonSerializer.Deserialize<List<ExportRule>>(row.GetString(1))!), ct) ?? Shipped;

    public ExportDecision Decide(ExportCase of) => new(Rules.FirstOrDefault(rule => rule.Fits(of)) ?? ExportRule.Nothing, of, Most(of, ExportVerdict.Allow), Most(of, ExportVerdict.Approve));

    /// <summary>The most rows for which a verdict is given, everything else being as it is.</summary>
    private long Most(ExportCase of, ExportVerdict verdict) =>
        Rules.Where(rule => rule.Verdict == verdict).Select(rule => rule.Reach(of)).OfType<long>().Where(reach => (Rules.FirstOrDefault(rule => rule.Fits(of with { Rows = reach })) ?? ExportRule.Nothing).Verdict == verdict).DefaultIfEmpty(0).Max();
}

/// <summary>What the rules say of a case.</summary>
/// <param name="Rule">The one that decided.</param>
/// <param name="Case">Of what.</param>
/// <param name="MostAtOnce">Up to so many rows would be made at once; 0: none.</param>
/// <param name="MostApproved">Up to so many could be approved; 0: none.</param>
internal sealed record ExportDecision(ExportRule Rule, ExportCase Case, long MostAtOnce, long MostApproved)
{
    public ExportVerdict Verdict => Rule.Verdict;

    /// <summary>What it says, and what can be done next.</summary>
    public string Told(Texts texts) => Verdict switch
    {
        ExportVerdict.Allow => texts["exports.told.allow", Case.Rows],
        ExportVerdict.Approve => texts["exports.told.approve", Case.Rows, MostAtOnce, Approver(texts, Rule)],
        _ => texts["exports.told.refuse", Case.Rows, Math.Max(MostAtOnce, MostApproved), Rule.Told(texts)],
    };

    /// <summary>The limits before anybody knows how many rows there are.</summary>
    public string Limits(Texts texts) => texts["exports.told.limits", MostAtOnce, Math.Max(MostAtOnce, MostApproved)];

    public static string Approver(Texts texts, ExportRule rule) => rule.Approver.Length == 0 ? texts["exports.approver.leader"] : texts.Has("access.role.name." + rule.Approver) ? texts["access.role.name." + rule.Approver] : rule.Approver;
}
