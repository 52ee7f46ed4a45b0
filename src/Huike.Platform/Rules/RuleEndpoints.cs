using System.Globalization;
using Huike.Platform.Access;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Records;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Huike.Platform.Rules;

/// <summary>Routes of rules.</summary>
internal static class RuleEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(RulesModule.Path).RequireAuthorization(RulesModule.Manage);
        group.MapGet("/", async (HttpContext http, Texts texts, RuleView view, CancellationToken ct) =>
        {
            await view.ReadAll(ct);
            return Pages.Show<RuleListPage>(http, texts["rules.title"]);
        });
        group.MapGet("/new", (HttpContext http, Answer answer, RuleSubjects subjects, CancellationToken ct, string? subject = null) => answer.Show(http, 0, New(subjects.Find(subject ?? subjects.All[0].Name)), null, null, ct));
        group.MapGet("/{id:long}", async (HttpContext http, Answer answer, RuleView view, long id, CancellationToken ct, int? version = null) =>
        {
            await view.Read(id, version, ct);
            return await answer.Show(http, id, view.Input, null, null, ct);
        });
        group.MapGet("/{id:long}/runs", async (HttpContext http, RuleView view, long id, CancellationToken ct, long? before = null, string show = "") =>
        {
            await view.ReadRuns(id, before, show == "failed", http.User.Access(), ct);
            return Pages.Show<RuleRunsPage>(http, view.Name, new { FailedOnly = show == "failed", IsFirst = before is null });
        });
        group.MapPost("/new", (HttpContext http, FormAnswer form, Answer answer, SaveRule save, IFormCollection posted, CancellationToken ct) => Save(http, form, answer, save, 0, posted, ct));
        group.MapPost("/{id:long}", (HttpContext http, FormAnswer form, Answer answer, SaveRule save, long id, IFormCollection posted, CancellationToken ct) => Save(http, form, answer, save, id > 0 ? id : throw new RuleException("rules.unknown"), posted, ct));
        group.MapPost("/{id:long}/try", async (HttpContext http, Texts texts, Answer answer, TryRule rule, long id, IFormCollection posted, CancellationToken ct) =>
        {
            var input = RuleInput.Read(posted, texts.Language);
            try
            {
                return await answer.Show(http, id, input, null, await rule.Run(id, input, http.User.Access(), ct), ct);
            }
            catch (RuleException refused)
            {
                return await answer.Show(http, id, input, texts[refused.Code, [.. refused.Args]], null, ct);
            }
        });
        group.MapPost("/{id:long}/removal", async (SaveRule save, long id, [FromForm] string? confirm, CancellationToken ct) =>
        {
            await save.Remove(id, ct);
            return TypedResults.LocalRedirect(RulesModule.Path);
        });
        group.MapPost("/runs/{id:long}/again", async (RunAgain again, long id, [FromForm] string? confirm, CancellationToken ct) => TypedResults.LocalRedirect(RuleView.RunsHref(await again.Run(id, ct), null, failed: false)));
    }

    private static RuleInput New(RuleSubject subject) => new("", true, subject.Name, 0, new() { Again = 0 });

    private static Task<IResult> Save(HttpContext http, FormAnswer form, Answer answer, SaveRule save, long id, IFormCollection posted, CancellationToken ct)
    {
        var input = RuleInput.Read(posted, answer.Language);
        return form.After(async () => id = await save.Run(id, input, id > 0 ? "" : FormKeys.Read(posted[FormKeys.Input], "rules.form"), ct), () => string.Create(CultureInfo.InvariantCulture, $"{RulesModule.Path}/{id}"), error => answer.Show(http, id, input, error, null, ct));
    }

    /// <summary>The page of one rule.</summary>
    internal sealed class Answer(RuleView view, OrganisationChoices people, Texts texts)
    {
        public string Language => texts.Language;

        public async Task<IResult> Show(HttpContext http, long id, RuleInput input, string? error, TriedRule? tried, CancellationToken ct)
        {
            await view.Show(id, input, ct);
            view.Tried = tried;
            return Pages.Show<RulePage>(http, id == 0 ? texts["rules.new"] : view.Name, new { People = await people.People(ct), Error = error }, FormAnswer.Status(error));
        }
    }
}
