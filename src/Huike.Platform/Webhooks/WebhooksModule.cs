using System.Data.Common;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Events;
using Huike.Ui;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Webhooks;

/// <summary>网络钩子: tells programs outside of events, as Standard Webhooks says (ADR 0017).</summary>
public static class WebhooksModule
{
    /// <summary>Say which addresses are told of events of the whole firm.</summary>
    public const string Manage = "webhooks.manage";

    internal const string Path = "/admin/webhooks";

    internal static readonly AuditedKind Audited = new("webhook", "webhooks.audit", Path + "/{0}", "webhooks.field.", "webhooks.");

    /// <summary>Adds endpoints, their log and the sender.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddPermissions(Manage);
        services.AddSingleton(provider => Reachable.Read(provider.GetRequiredService<IConfiguration>())).AddSingleton<PostOutside>().AddSingleton<WebhookSecrets>().AddSingleton<WebhookDeliveries>();
        services.AddScoped<RecordForWebhooks>().AddScoped<ChangeWebhook>().AddScoped<SendAgain>().AddScoped<WebhookView>();
        services.AddSingleton(provider => new RegisteredHandler(RecordForWebhooks.Name, [.. provider.GetServices<WebhookEvent>().Select(one => one.Kind)], Record));
        services.AddHostedService<SendWebhooks>();
        services.AddSingleton(Audited);
        services.AddSingleton(new Place("webhooks", "webhooks.title", Path, "webhook", Manage, Order: 959, Shortcut: 'h'));
        return services;
    }

    /// <summary>Lets programs outside hear of an event; its words are <c>webhooks.event.</c> and its kind.</summary>
    /// <typeparam name="T">Its properties, in camelCase, are the <c>data</c> of the message.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="address">Path of the record in the interface for programs; null where there is none.</param>
    public static IServiceCollection AddWebhookEvent<T>(this IServiceCollection services, Func<T, string?> address) where T : IEvent => services.AddSingleton(WebhookEvent.Of(address));

    private static Task Record(IServiceProvider services, string payload, Occurrence occurrence, DbConnection connection, CancellationToken ct) =>
        services.GetRequiredService<RecordForWebhooks>().Run(payload, occurrence, connection, ct);
}
