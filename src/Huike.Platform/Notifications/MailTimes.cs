using Huike.Platform.Calendar;
using Huike.Platform.Mail;
using Huike.Platform.Settings;

namespace Huike.Platform.Notifications;

/// <summary>When a notice is due to go by mail.</summary>
internal sealed class MailTimes(IOutgoingMail mail, SettingsStore settings, Calendars calendars, TimeProvider clock)
{
    /// <summary>The hour of the firm's day at which a digest goes unless its reader chose another.</summary>
    public const int UsualHour = 8;

    /// <summary>A reader whose calendar has no working day within so many has digests on any.</summary>
    private const int MostDays = 60;

    /// <returns>Null: never.</returns>
    public async Task<DateTimeOffset?> Due(long userId, MailWay way, int hour, CancellationToken ct) => !mail.IsReady || way == MailWay.None ? null : way == MailWay.AtOnce ? clock.GetUtcNow() : await Digest(userId, hour, ct);

    /// <summary>The next such hour of the firm's day on a working day of the reader's.</summary>
    public async Task<DateTimeOffset> Digest(long userId, int hour, CancellationToken ct)
    {
        var zone = (await settings.Get<FirmSettings>(ct)).Zone;
        var working = (await calendars.OfPerson(userId, ct)).Time;
        var now = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone);
        var today = DateOnly.FromDateTime(now.DateTime);
        var first = now.Hour < hour ? today : today.AddDays(1);
        var day = Enumerable.Range(0, MostDays).Select(first.AddDays).FirstOrDefault(day => working.On(day).Count > 0, first);
        return LocalDay.Begin(day, zone).AddHours(hour);
    }
}
