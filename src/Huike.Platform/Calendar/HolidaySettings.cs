using System.Text.Json.Serialization;

namespace Huike.Platform.Calendar;

/// <summary>Whose public holidays the firm keeps.</summary>
public enum HolidayCountry
{
    /// <summary>None by themselves: only days that somebody set.</summary>
    None = 0,

    /// <summary>Mainland China, with make-up days.</summary>
    China = 1,
}

/// <summary>Public holidays of the firm.</summary>
public sealed record HolidaySettings
{
    private static readonly string[] ChineseZones = ["Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Chungking", "Asia/Harbin", "Asia/Kashgar", "PRC", "China Standard Time"];

    /// <summary>Whose holidays; null: nobody said, and the firm's time zone decides.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<HolidayCountry>))]
    public HolidayCountry? Country { get; init; }

    /// <summary>Whose hold for a firm in a time zone.</summary>
    public HolidayCountry In(string zone) => Country ?? (ChineseZones.Contains(zone) ? HolidayCountry.China : HolidayCountry.None);
}
