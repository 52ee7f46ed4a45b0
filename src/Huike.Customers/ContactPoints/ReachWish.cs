using System.Data.Common;
using System.Globalization;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.ContactPoints;

/// <summary>The channel by which a customer likes to be reached.</summary>
internal enum ReachChannel
{
    Phone = 1,
    Sms = 2,
    Email = 3,
    WeChat = 4,
    Visit = 5,
}

/// <summary>How and when a customer likes to be reached.</summary>
/// <param name="Channel">Null: nothing was said.</param>
/// <param name="Days">Bits from Monday (1) to Sunday (64); 0: nothing was said.</param>
/// <param name="From">Beginning, in the firm's zone; null: nothing was said.</param>
/// <param name="To">End, later on the same day.</param>
internal sealed record ReachWish(ReachChannel? Channel, int Days, TimeOnly? From, TimeOnly? To)
{
    /// <summary>Name under which it stands among a customer's changes.</summary>
    public const string Field = "reach";

    public const string Columns = "reach_channel, reach_days, reach_from, reach_to";

    /// <summary>The days of the week, Monday first.</summary>
    public static IReadOnlyList<DayOfWeek> Week { get; } = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday];

    /// <summary>The days that were said.</summary>
    public IEnumerable<DayOfWeek> Said => Week.Where((_, i) => (Days >> i & 1) == 1);

    public bool IsEmpty => Channel is null && Days == 0 && From is null;

    /// <summary>As history keeps it, for <see cref="Parse"/>; null for nothing.</summary>
    public string? Written => IsEmpty ? null : string.Create(CultureInfo.InvariantCulture, $"{(Channel is { } channel ? CustomerFilter.Kebab(channel) : "-")} {Days} {From:HH:mm}-{To:HH:mm}");

    /// <summary>In words; empty for nothing.</summary>
    public string Told(Texts texts)
    {
        var days = Days is 0 or 127 ? null : Days == 31 ? texts["customers.reach.weekdays"] : string.Join(texts["audit.list.comma"], Said.Select(day => texts["customers.reach.day." + CustomerFilter.Kebab(day)]));
        return string.Join(" · ", new[] { Channel is { } channel ? texts["customers.reach.channel." + CustomerFilter.Kebab(channel)] : null, days, From is null ? null : string.Create(CultureInfo.InvariantCulture, $"{From:HH:mm}–{To:HH:mm}") }.OfType<string>());
    }

    /// <summary>What was chosen.</summary>
    /// <exception cref="RuleException"><c>customers.reach.channelWrong</c>, <c>customers.reach.dayWrong</c>, <c>customers.reach.hoursWrong</c>.</exception>
    public static ReachWish Read(string? channel, IEnumerable<string?> days, string? from, string? to)
    {
        var week = days.Select(day => TypedText.Chosen<DayOfWeek>(day, "customers.reach.dayWrong")).Aggregate(0, (bits, day) => bits | 1 << (((int)day + 6) % 7));
        var wish = new ReachWish(string.IsNullOrEmpty(channel) ? null : TypedText.Chosen<ReachChannel>(channel, "customers.reach.channelWrong"), week, Time(from), Time(to));
        return wish.From is null == wish.To is null && (wish.From is null || wish.From < wish.To) ? wish : throw new RuleException("customers.reach.hoursWrong");
    }

    /// <summary>What a form says: <c>channel</c>, <c>day</c> several times, <c>from</c> and <c>to</c>.</summary>
    public static ReachWish Read(IFormCollection form) => Read(form["channel"], form["day"], form["from"], form["to"]);

    /// <summary>What history kept; nothing where it isn't of this form.</summary>
    public static ReachWish Parse(string? written) => written?.Split(' ', '-') is [.., var days, var from, var to]
        ? new(Enum.GetValues<ReachChannel>().Cast<ReachChannel?>().FirstOrDefault(known => written.StartsWith(CustomerFilter.Kebab(known!.Value) + " ", StringComparison.Ordinal)),
            int.TryParse(days, CultureInfo.InvariantCulture, out var bits) ? bits : 0, from.Length > 0 ? TimeOnly.ParseExact(from, "HH:mm", CultureInfo.InvariantCulture) : null, to.Length > 0 ? TimeOnly.ParseExact(to, "HH:mm", CultureInfo.InvariantCulture) : null)
        : new(null, 0, null, null);

    /// <summary>Reads <see cref="Columns"/>, the first of which is this one.</summary>
    public static ReachWish Map(DbDataReader row, int first) =>
        new(row.IsDBNull(first) ? null : (ReachChannel)row.GetInt16(first), row.IsDBNull(first + 1) ? 0 : row.GetInt16(first + 1), At(row, first + 2), At(row, first + 3));

    /// <summary>Values of <see cref="Columns"/>; null for nothing.</summary>
    public (string Name, object? Value)[] Values => [("channel", Channel), ("days", Days == 0 ? null : (short)Days), ("from", Minutes(From)), ("to", Minutes(To))];

    private static object? Minutes(TimeOnly? time) => time is { } at ? (short)(at.Hour * 60 + at.Minute) : null;

    private static TimeOnly? At(DbDataReader row, int column) => row.IsDBNull(column) ? null : TimeOnly.MinValue.AddMinutes(row.GetInt16(column));

    private static TimeOnly? Time(string? text) => string.IsNullOrEmpty(text) ? null
        : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : throw new RuleException("customers.reach.hoursWrong");
}
