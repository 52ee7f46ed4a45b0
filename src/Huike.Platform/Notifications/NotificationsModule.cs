using Huike.Platform.Audit;
using Huike.Platform.Events;
using Huike.Platform.Jobs;
using Huike.Ui;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Notifications;

/// <summary>通知: what users are told of, in the app and by mail, as each of them chose.</summary>
public static class NotificationsModule
{
    /// <summary>Somebody is to stand in for another.</summary>
    internal const string Deputy = "users.deputy";

    /// <summary>A record was opened to somebody.</summary>
    internal const string Shared = "records.shared";

    /// <summary>All that another looked after is somebody's now.</summary>
    internal const string HandedOver = "records.handed-over";

    /// <summary>Adds notices, their pages and mails, and the kinds that the platform itself has.</summary>
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddSingleton<NoticeKinds>().AddSingleton<MailTimes>();
        services.AddSingleton(provider => new NoticeLog(provider.GetRequiredService<NoticeKinds>(), provider.GetRequiredService<MailTimes>(), provider.GetRequiredService<Wire>(),
            provider.GetRequiredService<JobQueue>(), provider.GetRequiredService<CurrentActor>(), provider.GetRequiredService<TimeProvider>()));
        services.AddScoped<NoticeReader>().AddScoped<NoticeList>().AddScoped<MarkRead>().AddScoped<NoticeChoices>().AddScoped<IJobWorker, SendNotices>();
        services.AddSingleton<ICountUnread, CountUnread>();
        services.AddHostedService<AskForMail>();
        services.AddNoticeKind(Deputy, mail: MailWay.AtOnce).AddNoticeKind(Shared).AddNoticeKind(HandedOver, mail: MailWay.AtOnce);
        return services;
    }

    /// <summary>Maps the pages.</summary>
    public static void MapNotifications(this IEndpointRouteBuilder routes) => NoticeEndpoints.Map(routes);

    /// <summary>Offers a kind of notice.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">Stable, noun first; its text is <c>notice.kind.</c> and the name.</param>
    /// <param name="inApp">Whether it is shown at the bell unless the user chose otherwise.</param>
    /// <param name="mail">How it goes by mail unless the user chose otherwise.</param>
    public static IServiceCollection AddNoticeKind(this IServiceCollection services, string name, bool inApp = true, MailWay mail = MailWay.None) =>
        services.AddSingleton(new NoticeKind(name, new(inApp, mail)));
}
