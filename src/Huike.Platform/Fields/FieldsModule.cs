using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Jobs;
using Huike.Ui;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Fields;

/// <summary>自定义字段: fields that the firm adds to its records by itself (H18; ADR 0020).</summary>
public static class FieldsModule
{
    /// <summary>Say which fields records have.</summary>
    public const string Manage = "fields.manage";

    internal const string Path = "/admin/fields";

    internal static readonly AuditedKind Audited = new("field", "fields.audit", Path + "/{0}", "fields.field.", "fields.");

    /// <summary>Adds the fields.</summary>
    public static IServiceCollection AddFields(this IServiceCollection services)
    {
        services.AddPermissions(Manage);
        services.AddSingleton<FieldBook>().AddSingleton<FieldReferences>().AddScoped<SaveField>().AddScoped(provider => new NewFields(provider.GetRequiredService<SaveField>(), provider.GetRequiredService<FieldBook>())).AddScoped<FieldView>().AddScoped<IJobWorker, ApplyFields>();
        services.AddHostedService<RefreshFields>();
        services.AddSingleton(Audited);
        services.AddSingleton(new Place("fields", "fields.title", Path, "list-plus", Manage, Order: 945, Shortcut: 'f'));
        return services;
    }

    /// <summary>Lets a kind of record have fields of the firm's own. Where a search has an index of words, an <see cref="IFieldWords"/> beside it keeps that up to date.</summary>
    public static IServiceCollection AddFieldedKind(this IServiceCollection services, FieldedKind kind) => services.AddSingleton(kind);
}
