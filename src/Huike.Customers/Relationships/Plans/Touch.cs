using System.Data.Common;
using Huike.Customers.OneVoice;
using Huike.Platform;
using Huike.Platform.Calendar;
using Huike.Platform.Data;

namespace Huike.Customers.Relationships.Plans;

/// <summary>What a touch follows.</summary>
internal enum TouchAfter
{
    /// <summary>每次购买之后: the latest purchase.</summary>
    Purchase = 1,

    /// <summary>首次购买之后.</summary>
    FirstPurchase = 2,

    /// <summary>上次联系之后: from either side; of who was never contacted, since the file was opened.</summary>
    Contact = 3,
}

/// <summary>In what the time until a touch is counted.</summary>
internal enum TouchUnit
{
    WorkingDays = 0,
    Days = 1,
    Weeks = 2,
    Months = 3,
}

/// <summary>联系计划: a touch that customers of a type get.</summary>
/// <param name="Type">Which type.</param>
/// <param name="Channel">Call, visit, message …; never a note.</param>
/// <param name="After">What it follows.</param>
/// <param name="Span">So much later: 0 to 365; after a contact 1 or more.</param>
/// <param name="Unit">In what that is counted.</param>
/// <param name="Chinese">What is to be done, 1–200 characters.</param>
/// <param name="English">The same in English.</param>
internal sealed record Touch(RelationshipType Type, InteractionKind Channel, TouchAfter After, int Span, TouchUnit Unit, string Chinese, string English)
{
    public const string Table = "customers_touch";
    public const int LongestText = 200;

    public long Id { get; init; }

    /// <summary>Grows with each change.</summary>
    public int Version { get; init; } = 1;

    /// <summary>What is to be done, in a language.</summary>
    public string Text(string language) => language == "en" ? English : Chinese;

    /// <summary>The day by which it is due: one on which somebody works.</summary>
    public DateOnly Due(DateOnly from, WorkingTime time)
    {
        if (from.Year > WorkingTime.LastYear) { return from; }
        var day = Unit switch
        {
            TouchUnit.WorkingDays => from,
            TouchUnit.Days => from.AddDays(Span),
            TouchUnit.Weeks => from.AddDays(Span * 7),
            _ => from.AddMonths(Span),
        };
        try
        {
            return Unit == TouchUnit.WorkingDays && Span > 0 ? time.AddDays(from, Span) : Working(day, time);
        }
        // In a calendar in which nobody ever works, or farther than it reaches, days are counted as they come.
        catch (RuleException)
        {
            return Unit == TouchUnit.WorkingDays ? from.AddDays(Span) : day;
        }
    }

    /// <summary>The day itself where somebody works on it, else the next such.</summary>
    public static DateOnly Working(DateOnly day, WorkingTime time)
    {
        try
        {
            return time.AddDays(day.AddDays(-1), 1);
        }
        catch (RuleException)
        {
            return day;
        }
    }

    /// <summary>All of the plan, by type.</summary>
    public static Task<List<Touch>> All(DbConnection connection, CancellationToken ct) =>
        connection.Rows("select id, type, channel, after, span, unit, chinese, english, version from customers_touch order by type, after, id", Map, ct);

    private static Touch Map(DbDataReader row) =>
        new((RelationshipType)row.GetInt16(1), (InteractionKind)row.GetInt16(2), (TouchAfter)row.GetInt16(3), row.GetInt32(4), (TouchUnit)row.GetInt16(5), row.GetString(6), row.GetString(7)) { Id = row.GetInt64(0), Version = row.GetInt32(8) };
}
