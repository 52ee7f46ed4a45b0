using Huike.Platform.Audit;
using Huike.Platform.Events;
using Huike.Platform.Jobs;
using Huike.Platform.Mail;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Notifications;

/// <summary>通知: what users are told of, in the app and by mail, as each of them chose.</summary>
public static class NotificationsModule
{
    /// <summary>Adds notices, their pages and mails, and the kinds that the platform itself has.</summary>
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddSingleton<NoticeKinds>().AddSingleton<MailTimes>();
        services.AddSingleton(provider => new NoticeLog(provider.GetRequiredService<NoticeKinds>(), provider.GetRequiredService<MailTimes>(), provider.GetRequiredService<Wire>(),
            provider.GetRequiredService<JobQueue>(), provider.GetRequiredService<CurrentActor>(), provider.GetRequiredService<TimeProvider>()));
        services.AddScoped<NoticeReader>().AddScoped<IJobWorker, SendNotices>();
        services.AddHostedService<AskForMail>();
        return services;
    }

    /// <summary>Offers a kind of notice.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">Stable, noun first; its text is <c>notice.kind.</c> and the name.</param>
    /// <param name="inApp">Whether it is shown at the bell unless the user chose otherwise.</param>
    /// <param name="mail">How it goes by mail unless the user chose otherwise.</param>
    public static IServiceCollection AddNoticeKind(this IServiceCollection services, string name, bool inApp = true, MailWay mail = MailWay.None) =>
        services.AddSingleton(new NoticeKind(name, new(inApp, mail)));
}
