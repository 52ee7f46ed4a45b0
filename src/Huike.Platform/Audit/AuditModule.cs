using Huike.Platform.Access;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Audit;

/// <summary>审计: who did what, when and from where, and its page (H18).</summary>
public static class AuditModule
{
    /// <summary>Adds the audit.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddPermissions(Permissions.Audit);
        services.AddSingleton<CurrentActor>().AddSingleton<AuditLog>().AddSingleton<AuditChain>().AddSingleton<EraseEntries>().AddSingleton<AuditWords>().AddScoped<AuditList>();
        services.AddSingleton(new AuditedKind("user", "audit.kind.user", "/admin/users/{0}", "audit.field.", "access."));
        services.AddSingleton(new AuditedKind(nameof(FirmSettings), "audit.kind.firmSettings", SettingsModule.FirmPath, "audit.field."));
        services.AddSingleton(new AuditedKind("audit", "audit.list.title", AuditQuery.Path, "audit.field."));
        services.AddSingleton(new Place("audit", "audit.list.title", AuditQuery.Path, "history", Permissions.Audit, Order: 950, Shortcut: 'a'));
        return services;
    }

    /// <summary>Maps the pages.</summary>
    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(AuditQuery.Path).RequireAuthorization(Permissions.Audit);
        group.MapGet("/", async (HttpContext http, Texts texts, AuditList list, CancellationToken ct) =>
        {
            await list.Read(AuditQuery.Read(http.Request.Query), ct);
            return Pages.Show<AuditPage>(http, texts["audit.list.title"]);
        });
        group.MapGet("/{id:long}", async (HttpContext http, Texts texts, AuditList list, long id, CancellationToken ct) =>
        {
            await list.Find(id, ct);
            return Pages.Show<AuditEntryPage>(http, texts["audit.entry.title", id]);
        });
    }

    /// <summary>Address of what happened to one record.</summary>
    /// <param name="kind">Name of its kind.</param>
    /// <param name="record">Its id.</param>
    public static string HistoryOf(string kind, long record) => new AuditQuery { Kind = kind, Record = record }.Href();
}
