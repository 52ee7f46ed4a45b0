using System.Globalization;
using Huike.Customers.Erasures;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Retention;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers.SubjectRequests;

/// <summary>Routes of the requests of the people whose data we hold.</summary>
internal static class RequestEndpoints
{
    public const string Path = "/admin/privacy/requests";

    public static void MapSubjectRequests(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).RequireAuthorization(PrivacyPermissions.Requests);
        group.MapGet("/", (HttpContext http, Answer answer, CancellationToken ct) => answer.List(http, fault: null, ct));
        group.MapPost("/rules", SaveRules).RequireAuthorization(PrivacyPermissions.Settings);
        group.MapGet("/new", (HttpContext http, Answer answer, CancellationToken ct, long? customer = null) => answer.New(http, customer, null, null, ct));
        group.MapPost("/new", Open);
        group.MapGet("/{id:long}", (HttpContext http, Answer answer, long id, CancellationToken ct) => answer.One(http, id, null, ct));
        group.MapGet("/{id:long}/copy", (HttpContext http, CopyRecords copy, long id, CancellationToken ct) => copy.Run(http, id, ct));
        group.MapGet("/{id:long}/erasure", (HttpContext http, Answer answer, long id, CancellationToken ct) => answer.DryRun(http, id, ct));
        group.MapPost("/{id:long}/identity", (HttpContext http, Answer answer, AnswerRequest request, long id, [FromForm] string? identity, CancellationToken ct) =>
            answer.After(http, id, "", () => request.Identify(id, identity, ct), ct));
        group.MapPost("/{id:long}/answer", (HttpContext http, Answer answer, AnswerRequest request, long id, [FromForm] string? outcome, [FromForm] string? words, CancellationToken ct) =>
            answer.After(http, id, words ?? "", () => request.Run(id, outcome, words, FileEndpoints.By(http.User), ct), ct));
        group.MapPost("/{id:long}/erasure", (HttpContext http, Answer answer, AnswerRequest request, long id, [FromForm] string? confirm, CancellationToken ct) =>
            answer.After(http, id, "", () => confirm == "true" ? request.Erase(id, FileEndpoints.By(http.User), ct) : throw new RuleException("privacy.erasure.confirm"), ct));
    }

    private static async Task<IResult> Open(HttpContext http, Texts texts, Answer answer, OpenRequest open, IFormCollection form, CancellationToken ct)
    {
        try
        {
            var id = await open.Run(form, FileEndpoints.By(http.User), ct);
            return TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"{Path}/{id}"));
        }
        catch (RuleException refused)
        {
            return await answer.New(http, null, form, texts[refused.Code, [.. refused.Args]], ct);
        }
    }

    private static async Task<IResult> SaveRules(HttpContext http, Texts texts, Answer answer, SettingsStore settings, IFormCollection form, CancellationToken ct)
    {
        var now = await settings.Get<RequestRules>(ct);
        if (!Within(form["answer"], RequestRules.MostDays, out var days) || !Within(form["ledgerYears"], RequestRules.MostYears, out var years))
        {
            return await answer.List(http, texts["privacy.request.rulesWrong", RequestRules.MostDays, RequestRules.MostYears], ct);
        }
        await settings.Save(now with { Answer = days, LedgerYears = years, Unit = form["unit"] == "working-days" ? ClockUnit.WorkingDays : ClockUnit.Days }, http.User.Identity?.Name ?? "", ct);
        return TypedResults.LocalRedirect(Path);
    }

    private static bool Within(string? text, int most, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1 && number <= most;

    /// <summary>The pages, also after something was done or refused.</summary>
    internal sealed class Answer(Database database, SettingsStore settings, ErasurePlan plan, Texts texts, IServiceProvider shown, TimeProvider clock)
    {
        private const int RowsOfPage = 50;

        public async Task<IResult> List(HttpContext http, string? fault, CancellationToken ct)
        {
            var open = http.Request.Query["view"] != "answered";
            var after = Cursor(http.Request.Query["after"]);
            await using var connection = await database.Open(ct);
            var rows = await SubjectRequest.Page(connection, open, after, RowsOfPage + 1, ct);
            var more = rows.Count > RowsOfPage;
            if (more) { rows.RemoveAt(RowsOfPage); }
            var next = more ? string.Create(CultureInfo.InvariantCulture, $"{Path}?{(open ? "" : "view=answered&")}after={rows[^1].DueAt.ToUnixTimeMilliseconds()}.{rows[^1].Id}") : null;
            Show(new RequestListView(rows, open, after is null, next, await Days(ct), await settings.Get<RequestRules>(ct), http.User.Holds(PrivacyPermissions.Settings)) { Fault = fault });
            return Pages.Show<RequestListPage>(http, texts["privacy.request.title"], status: Status(fault));
        }

        public async Task<IResult> New(HttpContext http, long? customer, IFormCollection? form, string? fault, CancellationToken ct)
        {
            await using var connection = await database.Open(ct);
            var number = customer is { } id ? await connection.First("select number from customers_customer where id = @id", row => row.GetString(0), ct, ("id", id)) : null;
            Show(new NewRequestView(number ?? "", form, fault, await Days(ct)));
            return Pages.Show<NewRequestPage>(http, texts["privacy.request.new"], status: Status(fault));
        }

        public async Task<IResult> One(HttpContext http, long id, string? fault, CancellationToken ct, string answer = "", IReadOnlyList<ErasureLine>? lines = null)
        {
            await using var connection = await database.Open(ct);
            var request = await SubjectRequest.Find(connection, id, ct) ?? throw new RuleException("privacy.request.unknown", id);
            Show(new RequestView(request, await Days(ct), fault) { Answer = answer, Plan = lines, HistoryHref = http.User.Holds(Permissions.Audit) ? AuditModule.HistoryOf(Audited.Requests.Name, id) : null });
            return Pages.Show<RequestPage>(http, texts["privacy.request.one", id], status: Status(fault));
        }

        public async Task<IResult> DryRun(HttpContext http, long id, CancellationToken ct)
        {
            SubjectRequest request;
            await using (var connection = await database.Open(ct)) { request = await SubjectRequest.Find(connection, id, ct) ?? throw new RuleException("privacy.request.unknown", id); }
            return request is { Kind: RequestKind.Deletion, State: RequestState.Open }
                ? await One(http, id, null, ct, lines: await plan.Run(request.CustomerId, ct))
                : TypedResults.LocalRedirect(request.Href);
        }

        public async Task<IResult> After(HttpContext http, long id, string answer, Func<Task> work, CancellationToken ct)
        {
            try
            {
                await work();
                return TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"{Path}/{id}"));
            }
            catch (RuleException refused) when (!refused.Code.EndsWith(".unknown", StringComparison.Ordinal))
            {
                return await One(http, id, texts[refused.Code, [.. refused.Args]], ct, answer);
            }
        }

        private void Show<T>(T view) where T : class => ((Shown<T>)shown.GetService(typeof(Shown<T>))!).Value = view;

        private async Task<RequestDays> Days(CancellationToken ct) => new((await settings.Get<FirmSettings>(ct)).Zone, clock.GetUtcNow());

        private static int Status(string? fault) => fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;

        private static (DateTimeOffset, long)? Cursor(string? text)
        {
            if (text is not { Length: > 0 }) { return null; }
            return text.Split('.') is [var due, var id] && long.TryParse(due, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < 32_000_000_000_000
                && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (DateTimeOffset.FromUnixTimeMilliseconds(at), number) : throw new RuleException("customers.cursor.wrong");
        }
    }
}
