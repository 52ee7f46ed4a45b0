using System.Globalization;
using Huike.Platform.Access;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Sessions;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Platform.Approvals;

/// <summary>Routes of approvals: whoever is signed in sees and decides what concerns him; to ask takes a permission.</summary>
internal static class ApprovalEndpoints
{
    public const string Path = "/approvals";
    public const string FlowPath = "/admin/approvals";

    public static string At(long id) => string.Create(CultureInfo.InvariantCulture, $"{Path}/{id}");

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).RequireAuthorization();
        group.MapGet("/", async (HttpContext http, Texts texts, ApprovalList list, CancellationToken ct, string tab = "", long before = long.MaxValue) =>
        {
            await list.Read(http.User.UserId(), tab switch { "asked" => ApprovalTab.Asked, "copied" => ApprovalTab.Copied, _ => ApprovalTab.Decide }, before, ct);
            return Pages.Show<ApprovalListPage>(http, texts["approvals.list.title"]);
        });
        group.MapGet("/{id:long}", (HttpContext http, ApprovalAnswer answer, long id, CancellationToken ct) => answer.Show(http, id, null, ct));
        group.MapPost("/{id:long}/act", (HttpContext http, FormAnswer form, ApprovalAnswer answer, DecideApproval decide, long id, IFormCollection posted, CancellationToken ct) =>
            form.After(() => decide.Run(id, Input(posted), http.User.UserId(), http.User.Holds(ApprovalsModule.Flows), ct), () => At(id), error => answer.Show(http, id, error, ct)));
        group.MapPost("/{id:long}/again", (HttpContext http, FormAnswer form, ApprovalAnswer answer, AskApproval ask, long id, IFormCollection posted, CancellationToken ct) =>
            form.After(() => ask.Again(id, Number(posted["version"]), Asked(posted), http.User.UserId(), ct), () => At(id), error => answer.Show(http, id, error, ct)));
        var asking = routes.MapGroup(Path + "/new").RequireAuthorization(ApprovalsModule.Ask);
        asking.MapGet("/", (HttpContext http, ApprovalAnswer answer, CancellationToken ct, long flow = 0) => answer.New(http, flow, new("", "", null), null, ct));
        asking.MapPost("/", Ask);
    }

    private static Task<IResult> Ask(HttpContext http, FormAnswer form, ApprovalAnswer answer, AskApproval ask, IFormCollection posted, CancellationToken ct)
    {
        var (made, flow) = (0L, (long)Number(posted["flow"]));
        return form.After(async () => made = await ask.Run(flow, ApprovalsModule.Request, 0, Asked(posted), http.User.UserId(), FormKeys.Read(posted[FormKeys.Input], "approvals.form"), ct), () => At(made),
            error => answer.New(http, flow, new(posted["title"].ToString(), posted["reason"].ToString(), null), error, ct));
    }

    private static ApprovalInput Input(IFormCollection posted) => new(posted["act"].ToString(), Number(posted["version"]), posted["comment"].ToString().Trim(), posted["to"].ToString().Trim(),
        int.TryParse(posted["station"], NumberStyles.None, CultureInfo.InvariantCulture, out var station) ? station : null);

    private static ApprovalAsked Asked(IFormCollection posted) => new(posted["title"].ToString().Trim(), posted["reason"].ToString().Trim(), FlowInput.Amount(posted["amount"]));

    private static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>The pages of one approval.</summary>
    internal sealed class ApprovalAnswer(ApprovalView view, FlowView flows, Database database, OrganisationChoices choices, Texts texts)
    {
        public async Task<IResult> Show(HttpContext http, long id, string? error, CancellationToken ct)
        {
            await view.Read(id, http.User.UserId(), http.User.Holds(ApprovalsModule.Flows), ct);
            return Pages.Show<ApprovalPage>(http, view.Shown.Asked.Title, new { Choices = await choices.People(ct), KeepsFlows = http.User.Holds(ApprovalsModule.Flows), Error = error }, FormAnswer.Status(error));
        }

        public async Task<IResult> New(HttpContext http, long flow, ApprovalAsked asked, string? error, CancellationToken ct)
        {
            await using var connection = await database.Open(ct);
            flows.Flows = [.. (await ApprovalFlow.All(connection, ct)).Where(one => one.IsOn)];
            return Pages.Show<NewApprovalPage>(http, texts["approvals.new.title"], new { Chosen = flow, Asked = asked, Error = error }, FormAnswer.Status(error));
        }
    }
}
