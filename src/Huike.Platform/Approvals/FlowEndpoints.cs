using System.Globalization;
using Huike.Platform.Access;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Platform.Approvals;

/// <summary>Routes of flows.</summary>
internal static class FlowEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(ApprovalEndpoints.FlowPath).RequireAuthorization(ApprovalsModule.Flows);
        group.MapGet("/", async (HttpContext http, Texts texts, FlowView view, Database database, CancellationToken ct) =>
        {
            await using var connection = await database.Open(ct);
            view.Flows = await ApprovalFlow.All(connection, ct);
            return Pages.Show<FlowListPage>(http, texts["approvals.flow.list"]);
        });
        group.MapGet("/new", (HttpContext http, FlowAnswer answer, CancellationToken ct) => answer.Show(http, ApprovalFlow.New, null, ct));
        group.MapGet("/{id:long}", async (HttpContext http, FlowAnswer answer, Database database, long id, CancellationToken ct) =>
        {
            await using var connection = await database.Open(ct);
            return await answer.Show(http, await ApprovalFlow.Find(connection, id, null, ct), null, ct);
        });
        group.MapPost("/new", (HttpContext http, FormAnswer form, FlowAnswer answer, SaveFlow save, IFormCollection posted, CancellationToken ct) => Save(http, form, answer, save, 0, posted, ct));
        group.MapPost("/{id:long}", (HttpContext http, FormAnswer form, FlowAnswer answer, SaveFlow save, long id, IFormCollection posted, CancellationToken ct) => Save(http, form, answer, save, id > 0 ? id : throw new RuleException("approvals.flow.unknown"), posted, ct));
    }

    private static Task<IResult> Save(HttpContext http, FormAnswer form, FlowAnswer answer, SaveFlow save, long id, IFormCollection posted, CancellationToken ct)
    {
        FlowInput? input = null;
        return form.After(async () =>
        {
            input = FlowInput.Read(posted);
            id = await save.Run(id, input, ct);
        }, () => string.Create(CultureInfo.InvariantCulture, $"{ApprovalEndpoints.FlowPath}/{id}"),
            error => answer.Show(http, input is null ? ApprovalFlow.New with { Id = id } : new(id, input.Name, input.IsOn, input.Version, input.Definition), error, ct));
    }

    /// <summary>The page of one flow.</summary>
    internal sealed class FlowAnswer(FlowView view, OrganisationChoices choices, RoleBook roles, Texts texts)
    {
        public async Task<IResult> Show(HttpContext http, ApprovalFlow flow, string? error, CancellationToken ct)
        {
            view.Shown = flow;
            return Pages.Show<FlowPage>(http, flow.Id == 0 ? texts["approvals.flow.new"] : flow.Name, new { Choices = await choices.People(ct), Roles = (await roles.All(ct)).Values.ToList(), Error = error }, FormAnswer.Status(error));
        }
    }
}
