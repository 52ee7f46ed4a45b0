using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Processing;
using Huike.Customers.Stages;
using Huike.Platform.Access.Records;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Platform.Retention;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Customers.PermissionStages;

/// <summary>Routes of pins on a file, and of the rules.</summary>
internal static class PermissionEndpoints
{
    public const string Path = "/admin/permission-rules";

    public static void AddPermissionStages(this IServiceCollection services)
    {
        services.AddSingleton<FollowPermission>().AddScoped<PermissionView>().AddScoped<IJobWorker, PermissionJob>();
        services.AddSingleton(new CustomerPanel(typeof(PermissionCard), 230, Wide: false));
        services.AddSettings<PermissionRules>(PrivacyPermissions.Settings).AddSingleton(new AuditedKind(nameof(PermissionRules), "customers.permissionRules.title", Path, "customers.permissionRules.", "customers."));
        services.AddSingleton(new Place("permission-rules", "customers.permissionRules.title", Path, "list-checks", PrivacyPermissions.Settings, 977));
    }

    public static void MapPermissionStages(this IEndpointRouteBuilder routes)
    {
        var pins = routes.MapGroup("/customers/{id:long}/permission-pin").RequireRecord(CustomerPermissions.Records, RecordAction.Edit);
        pins.MapPost("/", async (HttpContext http, long id, PinStage pin, [FromForm] string? stage, [FromForm] string? reason, [FromForm] string? until, CancellationToken ct) =>
        {
            await pin.Run(id, StageMachine.Permission, (stage, reason, until), FileEndpoints.By(http.User), ct);
            return FileEndpoints.Back(id);
        });
        pins.MapPost("/removal", async (HttpContext http, long id, PinStage pin, [FromForm] string? confirm, CancellationToken ct) =>
        {
            await pin.Remove(id, StageMachine.Permission, FileEndpoints.By(http.User), ct);
            return FileEndpoints.Back(id);
        });
        var rules = routes.MapGroup(Path).RequireAuthorization(PrivacyPermissions.Settings);
        rules.MapGet("/", async (HttpContext http, Texts texts, SettingsStore settings, Register register, CancellationToken ct) =>
        {
            var kept = await settings.Get<PermissionRules>(ct);
            return await Show(http, texts, register, (kept.Codes(), Written(kept.AnswerDays), Written(kept.HoursBefore)), null, ct);
        });
        rules.MapPost("/", Save);
    }

    private static async Task<IResult> Save(HttpContext http, Texts texts, SettingsStore settings, Register register, JobQueue jobs, Database database, IFormCollection form, CancellationToken ct)
    {
        var codes = form["purposes"].OfType<string>().Where(code => code.Length > 0).Distinct().ToArray();
        var known = (await register.All(ct)).Where(purpose => purpose.Basis == LawfulBasis.Consent).Select(purpose => purpose.Code).ToHashSet();
        if (!codes.All(known.Contains) || !Within(form["answerDays"], 1, PermissionRules.MostDays, out var days) || !Within(form["hoursBefore"], 0, PermissionRules.MostHours, out var hours))
        {
            return await Show(http, texts, register, (codes, form["answerDays"].ToString(), form["hoursBefore"].ToString()), texts["customers.permissionRules.wrong", PermissionRules.MostDays, PermissionRules.MostHours], ct);
        }
        var by = http.User.Identity!.Name!;
        await settings.Save(new PermissionRules { Purposes = string.Join(',', codes), AnswerDays = days, HoursBefore = hours }, by, ct);
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await jobs.AddUnlessWaiting(connection, PermissionJob.KindName, "{}", by, ct);
        return TypedResults.LocalRedirect(Path);
    }

    private static async Task<IResult> Show(HttpContext http, Texts texts, Register register, (string[], string, string) typed, string? error, CancellationToken ct) => Pages.Show<PermissionRulesPage>(http, texts["customers.permissionRules.title"],
        new { Typed = typed, Purposes = (await register.All(ct)).Where(purpose => purpose.Basis == LawfulBasis.Consent).Select(purpose => (purpose.Code, purpose.Name(texts))).ToList(), Error = error }, error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    private static string Written(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool Within(string? text, int least, int most, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;
}
