using System.Globalization;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Customers.Processing;
using Huike.Platform;
using Huike.Platform.Access.Roles;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.Exports;

/// <summary>What the page of the rules shows.</summary>
/// <param name="Rules">In force, or as they were typed.</param>
/// <param name="Versions">The newest first: number, when, by whom, what.</param>
/// <param name="Choices">What rules can name.</param>
/// <param name="Fault">Why they were not saved; null: nobody tried.</param>
/// <param name="Words">Language and zone.</param>
internal sealed record ExportRulesView(ExportRules Rules, IReadOnlyList<(ExportRules Rules, DateTimeOffset At, string By)> Versions, RuleChoices Choices, string? Fault, ListWording Words);

/// <summary>What rules of exports can name.</summary>
internal sealed record RuleChoices(IReadOnlyList<(string Value, string Text)> Roles, IReadOnlyList<(string Value, string Text)> Units, IReadOnlyList<(string Value, string Text)> Kinds, IReadOnlyList<(string Value, string Text)> Purposes);

/// <summary>The rules: looked at and saved, each time as a new version.</summary>
internal static class ExportRulesEndpoints
{
    public const string Path = "/admin/exports";

    public static readonly AuditedKind Audited = new("export-rules", "exports.rules.title", Path, "exports.rule.field.");

    public static void MapExportRules(this IEndpointRouteBuilder routes)
    {
        var rules = routes.MapGroup(Path).RequireAuthorization(CustomerPermissions.ExportRules);
        rules.MapGet("/", (HttpContext http, ChangeExportRules change, CancellationToken ct) => change.Show(http, null, null, ct));
        rules.MapPost("/", async (HttpContext http, ChangeExportRules change, Texts texts, IFormCollection form, CancellationToken ct) =>
        {
            var typed = ExportRuleForm.Read(form);
            try
            {
                await change.Save(typed, ct);
                return TypedResults.LocalRedirect(Path);
            }
            catch (RuleException no)
            {
                return await change.Show(http, typed, texts[no.Code, [.. no.Args]], ct);
            }
        });
    }
}

/// <summary>Rules as the form sends them: one stretch of inputs each, in the order of their positions.</summary>
internal static class ExportRuleForm
{
    public static string Name(int rule, string field) => string.Create(CultureInfo.InvariantCulture, $"rule{rule}-{field}");

    /// <summary>What was typed, on the version that was shown.</summary>
    /// <exception cref="RuleException"><c>exports.rule.number</c>, <c>exports.rule.choice</c>.</exception>
    public static ExportRules Read(IFormCollection form)
    {
        var rules = new List<(long Position, ExportRule Rule)>();
        for (var i = 0; i < ExportRule.MostRules; i++)
        {
            string Typed(string field) => form[Name(i, field)].ToString().Trim();
            if (Typed("name").Length == 0) { continue; }
            rules.Add((Number(Typed("position")) ?? i, new()
            {
                Name = Typed("name"),
                Verdict = Enum.GetValues<ExportVerdict>().Cast<ExportVerdict?>().FirstOrDefault(one => CustomerFilter.Kebab(one!.Value) == Typed("verdict")) ?? throw new RuleException("exports.rule.choice"),
                Role = Typed("role"),
                Unit = Number(Typed("unit")),
                Kind = Typed("kind"),
                Personal = Typed("personal") switch { "with" => true, "without" => false, "" => null, _ => throw new RuleException("exports.rule.choice") },
                MostRows = Number(Typed("mostRows")),
                MostPerDay = Number(Typed("mostPerDay")),
                WorkingHours = Typed("workingHours") == "true",
                Purposes = [.. form[Name(i, "purposes")].OfType<string>().Where(code => code.Length > 0).Distinct()],
                Approver = Typed("approver"),
                IsMarked = Typed("marked") == "true",
                Downloads = (int)(Number(Typed("downloads")) ?? 1),
                Days = (int)(Number(Typed("days")) ?? 1),
            }));
        }
        return new(Number(form["version"].ToString()) ?? 0, [.. rules.OrderBy(one => one.Position).Select(one => one.Rule)]);
    }

    private static long? Number(string text) => text.Length == 0 ? null : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 100_000_000 ? number : throw new RuleException("exports.rule.number");
}

/// <summary>Shows the rules, and saves a new version of them.</summary>
internal sealed class ChangeExportRules(Database database, RuleWords words, AuditLog audit, Shown<ExportRulesView> shown, Texts texts, TimeProvider clock)
{
    private const int LongestName = 60;
    private const int MostVersions = 20;

    public async Task<IResult> Show(HttpContext http, ExportRules? typed, string? fault, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var versions = await connection.Rows($"select id, rules, saved_at, saved_by from customers_export_rules order by id desc limit {MostVersions}",
            row => (new ExportRules(row.GetInt64(0), JsonSerializer.Deserialize<List<ExportRule>>(row.GetString(1))!), row.At(2), row.GetString(3)), ct);
        shown.Value = new(typed ?? await ExportRules.Now(connection, ct), versions, await words.Choices(texts, ct), fault, await words.Wording(texts, ct));
        return Pages.Show<ExportRulesPage>(http, texts["exports.rules.title"], status: fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    /// <exception cref="RuleException"><c>exports.rule.none</c>, <c>exports.rule.name</c>, <c>exports.rule.choice</c>, <c>exports.rule.kept</c>, <c>exports.rules.stale</c>.</exception>
    public async Task Save(ExportRules rules, CancellationToken ct)
    {
        var choices = await words.Choices(texts, ct);
        if (rules.Rules.Count == 0) { throw new RuleException("exports.rule.none"); }
        foreach (var rule in rules.Rules) { Demand(rule, choices); }
        await audit.Change(async connection =>
        {
            var now = await ExportRules.Now(connection, ct);
            // Whoever was slower saves nothing: the number of the next version is taken.
            if (now.Version != rules.Version || await connection.Run("insert into customers_export_rules (id, rules, saved_at, saved_by) values (@id, @rules, @at, @by) on conflict do nothing", ct,
                ("id", now.Version + 1), ("rules", JsonSerializer.Serialize(rules.Rules)), ("at", clock.GetUtcNow()), ("by", audit.Who)) == 0) { throw new RuleException("exports.rules.stale"); }
            return new AuditEntry("export.rules-saved") { Kind = ExportRulesEndpoints.Audited.Name, Changes = [AuditChange.Is("version", now.Version + 1), AuditChange.Is("names", string.Join(", ", rules.Rules.Select(rule => rule.Told(texts))))] };
        }, ct);
    }

    private static void Demand(ExportRule rule, RuleChoices choices)
    {
        if (rule.Name.Length > LongestName || rule.Name.Any(char.IsControl)) { throw new RuleException("exports.rule.name", LongestName); }
        if (rule.Downloads is < 1 or > 20 || rule.Days is < 1 or > 30) { throw new RuleException("exports.rule.kept"); }
        if (!Knows(choices.Roles, rule.Role) || !Knows(choices.Roles, rule.Approver) || !Knows(choices.Kinds, rule.Kind) || !Knows(choices.Units, rule.Unit?.ToString(CultureInfo.InvariantCulture) ?? "") || !rule.Purposes.All(code => Knows(choices.Purposes, code))) { throw new RuleException("exports.rule.choice"); }
    }

    private static bool Knows(IReadOnlyList<(string Value, string Text)> choices, string value) => value.Length == 0 || choices.Any(one => one.Value == value);
}

/// <summary>Names that the rules can say.</summary>
internal sealed class RuleWords(Database database, RoleBook roles, Register register, IEnumerable<IExported> kinds, SettingsStore settings)
{
    public Task<ListWording> Wording(Texts texts, CancellationToken ct) => FileEndpoints.Words(texts, settings, ct);

    public async Task<RuleChoices> Choices(Texts texts, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var units = await connection.Rows("select id, name from platform_unit order by name, id limit 500", row => (row.GetInt64(0).ToString(CultureInfo.InvariantCulture), row.GetString(1)), ct);
        return new([.. (await roles.All(ct)).Values.Select(role => (role.Name, role.Title.Length > 0 ? role.Title : role.IsShipped ? texts["access.role.name." + role.Name] : role.Name))], units,
            [.. kinds.Select(kind => (kind.Kind, texts["exports.kind." + kind.Kind]))], [.. (await register.InUse(ct)).Select(purpose => (purpose.Code, purpose.Name(texts)))]);
    }
}
