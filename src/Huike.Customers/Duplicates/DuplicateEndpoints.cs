using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Fields;
using Huike.Platform.Jobs;
using Huike.Platform.Settings;
using Huike.Statistics.Matching;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Customers.Duplicates;

/// <summary>A page of the queue.</summary>
internal sealed record PairsView(PairQuery Query, IReadOnlyList<DuplicatePair> Rows, Job? Job, bool MayCompare)
{
    public bool IsMore => Rows.Count > DuplicatePairs.Most;

    public IEnumerable<DuplicatePair> Shown => Rows.Take(DuplicatePairs.Most);
}

/// <summary>Who is met while a customer is entered.</summary>
/// <param name="Twins">Those whom the rules speak of.</param>
/// <param name="WasAsked">Whether anything was typed yet.</param>
internal sealed record TwinsView(IReadOnlyList<Twin> Twins, bool WasAsked)
{
    /// <summary>Whether it was said already that it is another customer.</summary>
    public bool Anyway { get; init; }
}

/// <summary>The page of the rules.</summary>
internal sealed record DuplicateRulesView(DuplicateRules Rules, IReadOnlyList<string> Roles, IReadOnlyDictionary<string, Role> Known, string? Error)
{
    /// <summary>What the last comparison learned; null before the first.</summary>
    public LinkModel? Learned { get; init; }
}

/// <summary>Pages of customers who may be the same.</summary>
internal static class DuplicateEndpoints
{
    public const string Path = "/duplicates";
    public const string RulesPath = "/admin/duplicates";

    public static void MapDuplicates(this IEndpointRouteBuilder routes)
    {
        routes.MapDuplicateApi();
        var review = routes.MapGroup(Path).RequireAuthorization(DuplicatePermissions.Review);
        review.MapGet("/", List);
        review.MapGet("/{pair:long}", One);
        review.MapPost("/{pair:long}", async (HttpContext http, DuplicatePairs pairs, IFormCollection form, long pair, CancellationToken ct) =>
        {
            await pairs.Decide(pair, form["different"] == "true", Viewer.Of(http), FileEndpoints.By(http.User), ct);
            return TypedResults.LocalRedirect(form["back"] == "pair" ? string.Create(CultureInfo.InvariantCulture, $"{Path}/{pair}") : Path);
        });
        // Posted although it changes nothing: what is typed of a person does not belong into addresses.
        routes.MapPost("/customers/twins", Twins).RequireAuthorization(CustomerPermissions.Create);
        var rules = routes.MapGroup(RulesPath).RequireAuthorization(DuplicatePermissions.Rules);
        rules.MapGet("/", async (HttpContext http, Texts texts, SettingsStore settings, RoleBook roles, Shown<DuplicateRulesView> shown, CancellationToken ct) =>
            await ShowRules(http, texts, roles, shown, await settings.Get<DuplicateRules>(ct), null, ct));
        rules.MapPost("/", SaveRules);
        rules.MapPost("/comparison", async (HttpContext http, JobQueue jobs, AuditLog audit, [FromForm] string? confirm, CancellationToken ct) =>
        {
            await audit.Change(async connection =>
            {
                await jobs.AddUnlessWaiting(connection, CompareCustomers.KindName, "{}", http.User.Identity!.Name!, ct);
                return new AuditEntry("duplicates.compared");
            }, ct);
            return TypedResults.LocalRedirect(Path);
        });
    }

    /// <summary>Of what was typed, those who are met.</summary>
    public static Task<IReadOnlyList<Twin>> Find(HttpContext http, FindTwins find, NewCustomer typed, long? self, CancellationToken ct) =>
        find.Run(CustomerTraits.Of(typed), self, Viewer.Of(http), DuplicateRules.RolesOf(http.User.Access()), ct);

    private static async Task<IResult> List(HttpContext http, Texts texts, DuplicatePairs pairs, JobQueue jobs, Shown<PairsView> shown, CancellationToken ct)
    {
        var asked = http.Request.Query;
        var query = PairQuery.Read(asked["state"], asked["from"], asked["after"]);
        var newest = await jobs.Newest(CompareCustomers.KindName, 1, ct);
        shown.Value = new(query, await pairs.Page(query, Viewer.Of(http), ct), newest.FirstOrDefault(), http.User.Holds(DuplicatePermissions.Rules));
        return Pages.Show<DuplicateListPage>(http, texts["duplicates.list.title"]);
    }

    private static async Task<IResult> One(HttpContext http, Texts texts, DuplicatePairs pairs, Shown<DuplicatePair> shown, long pair, CancellationToken ct)
    {
        shown.Value = await pairs.Find(pair, Viewer.Of(http), ct);
        return Pages.Show<DuplicatePage>(http, texts["duplicates.pair.title"]);
    }

    private static async Task<IResult> Twins(HttpContext http, FindTwins find, Shown<TwinsView> shown, TimeProvider clock, IFormCollection posted, CancellationToken ct)
    {
        var typed = CustomerForm.Read(posted, null, Viewer.Of(http), CustomValues.None, clock.GetUtcNow());
        long? self = long.TryParse(posted["self"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        shown.Value = new(await Find(http, find, typed.Customer, self, ct), WasAsked: true) { Anyway = posted["anyway"] == "true" };
        return Pages.Fragment<TwinsPart>(http);
    }

    private static async Task<IResult> SaveRules(HttpContext http, Texts texts, SettingsStore settings, RoleBook roles, Shown<DuplicateRulesView> shown, IFormCollection form, CancellationToken ct)
    {
        DuplicateAction Usual(DuplicateSign sign) => TypedText.Chosen<DuplicateAction>(form["everyone." + CustomerFilter.Kebab(sign)], "duplicates.rules.wrong");
        var names = (await roles.All(ct)).Keys.Append(DuplicateRules.Import);
        var own = names.SelectMany(role => Enum.GetValues<DuplicateSign>().Select(sign => (role, sign, chosen: form[$"{role}.{CustomerFilter.Kebab(sign)}"].ToString())))
            .Where(cell => cell.chosen.Length > 0).Select(cell => $"{cell.role} {cell.sign} {TypedText.Chosen<DuplicateAction>(cell.chosen, "duplicates.rules.wrong")}");
        var rules = new DuplicateRules
        {
            Phone = Usual(DuplicateSign.Phone),
            Email = Usual(DuplicateSign.Email),
            CreditCode = Usual(DuplicateSign.CreditCode),
            WeChat = Usual(DuplicateSign.WeChat),
            Similar = Usual(DuplicateSign.Similar),
            ShowsName = form["showsName"] == "true",
            ByRole = string.Join(';', own),
            Weights = string.Join(';', CustomerTraits.All.Select(field => (field.Name, Same: form[field.Name + ".same"].ToString(), Differs: form[field.Name + ".differs"].ToString())).Where(set => set.Same.Length + set.Differs.Length > 0).Select(set => $"{set.Name} {set.Same} {set.Differs}")),
        };
        if (!Within(form["similarFrom"], (50, 100), out var similar) || !Within(form["queueFrom"], (1, 100), out var queue) || !Within(form["nightlyHour"], (0, 23), out var hour) || rules.SetWeights().Count < rules.Weights.Split(';', StringSplitOptions.RemoveEmptyEntries).Length) { return await ShowRules(http, texts, roles, shown, rules, texts["duplicates.rules.wrong"], ct); }
        await settings.Save(rules with { SimilarFrom = similar, QueueFrom = queue, NightlyHour = hour }, http.User.Identity!.Name!, ct);
        return TypedResults.LocalRedirect(RulesPath);
    }

    private static bool Within(string? text, (int Least, int Most) range, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= range.Least && number <= range.Most;

    private static async Task<IResult> ShowRules(HttpContext http, Texts texts, RoleBook roles, Shown<DuplicateRulesView> shown, DuplicateRules rules, string? error, CancellationToken ct)
    {
        var known = await roles.All(ct);
        await using var connection = await http.RequestServices.GetRequiredService<Database>().Open(ct);
        shown.Value = new(rules, [DuplicateRules.Import, .. known.Values.Where(role => !role.IsClosed && role.Name != "customer").Select(role => role.Name)], known, error) { Learned = await LearnedWeights.Read(connection, ct) };
        return Pages.Show<DuplicateRulesPage>(http, texts["duplicates.rules.title"], status: error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}
