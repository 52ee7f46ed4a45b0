namespace Huike.Customers.Relationships.Health;

/// <summary>关系健康度: what a relationship lives from (H4).</summary>
internal enum Indicator
{
    /// <summary>信任: promises kept in time.</summary>
    Trust = 0,

    /// <summary>责任: promises kept at all, and none left lying.</summary>
    Responsibility = 1,

    /// <summary>依赖: how regularly the customer buys, and how much of what we offer.</summary>
    Dependence = 2,

    /// <summary>互惠: referrals and favours both ways.</summary>
    Reciprocity = 3,

    /// <summary>情感: how the customer sounds.</summary>
    Emotion = 4,

    /// <summary>互动: contacts from both sides, lately.</summary>
    Interaction = 5,
}

/// <summary>What is known of a customer, of the last twelve months unless it says otherwise.</summary>
internal sealed record HealthFacts
{
    /// <summary>Promises that were kept in time.</summary>
    public int InTime { get; init; }

    /// <summary>Promises that were kept late.</summary>
    public int Late { get; init; }

    /// <summary>Promises that are overdue now.</summary>
    public int Overdue { get; init; }

    /// <summary>For how many days they are, together.</summary>
    public int DaysOverdue { get; init; }

    /// <summary>Whether the customer ever bought.</summary>
    public bool HasBought { get; init; }

    /// <summary>Months with a purchase, 0 to 12.</summary>
    public int MonthsBought { get; init; }

    /// <summary>Categories of products that the customer bought.</summary>
    public int Categories { get; init; }

    /// <summary>Categories that the firm sells; 0: its products have none.</summary>
    public int CategoriesOffered { get; init; }

    /// <summary>Favours and referrals from us, ever.</summary>
    public int Given { get; init; }

    /// <summary>From the customer, ever.</summary>
    public int Received { get; init; }

    /// <summary>Contacts and moments of which somebody said how the customer sounded.</summary>
    public int Tones { get; init; }

    /// <summary>Sum of their tones, each −2 to 2.</summary>
    public int ToneSum { get; init; }

    /// <summary>Contacts that came from us.</summary>
    public int Ours { get; init; }

    /// <summary>Contacts that came from the customer.</summary>
    public int Theirs { get; init; }

    /// <summary>Since the last contact, whenever it was; null: none is known.</summary>
    public int? DaysSinceContact { get; init; }
}

/// <summary>Indicators of facts: each 0 to 100, or null where there is no fact to tell it by. docs/relationship.md explains them.</summary>
internal static class RelationshipHealth
{
    /// <summary>With so many contacts in a year the number counts half.</summary>
    public const int HalfContacts = 4;

    /// <summary>After so many days a contact counts half.</summary>
    public const int HalfDays = 90;

    /// <summary>A promise that is overdue for so many days weighs twice as much as one that is since today.</summary>
    public const int DaysTwice = 30;

    private const int Months = 12;

    /// <summary>One of them.</summary>
    public static int? Of(Indicator indicator, HealthFacts facts) => (indicator switch
    {
        Indicator.Trust => Share(facts.InTime, facts.Late + facts.Overdue),
        Indicator.Responsibility => Share(facts.InTime + facts.Late, facts.Overdue + (double)facts.DaysOverdue / DaysTwice),
        Indicator.Dependence => Dependence(facts),
        Indicator.Reciprocity => facts.Given + facts.Received == 0 ? null : (Half(facts.Given) + Half(facts.Received)) / 2,
        Indicator.Emotion => facts.Tones == 0 ? null : (facts.ToneSum / (double)facts.Tones + 2) / 4,
        _ => Interaction(facts),
    }) is { } value ? (int)Math.Round(100 * Math.Clamp(value, 0, 1), MidpointRounding.AwayFromZero) : null;

    private static double? Share(double good, double bad) => good + bad == 0 ? null : good / (good + bad);

    private static double? Dependence(HealthFacts facts)
    {
        if (!facts.HasBought) { return null; }
        var regular = Math.Min(1, facts.MonthsBought / (double)Months);
        return facts.CategoriesOffered == 0 ? regular : (regular + Math.Min(1, facts.Categories / (double)facts.CategoriesOffered)) / 2;
    }

    private static double? Interaction(HealthFacts facts)
    {
        if (facts.DaysSinceContact is not { } days) { return null; }
        var all = facts.Ours + facts.Theirs;
        var number = all / (double)(all + HalfContacts);
        // Who calls us as often as we call is heard fully.
        var bothWays = all == 0 ? 0 : Math.Min(1, 2.0 * facts.Theirs / all);
        return 0.4 * number + 0.3 * bothWays + 0.3 * Math.Pow(0.5, (double)days / HalfDays);
    }

    /// <summary>The first one counts half of all that can come.</summary>
    private static double Half(int number) => number / (number + 1.0);
}
