using Huike.Ui;

namespace Huike.Customers.Pools;

/// <summary>What became of a customer, in words.</summary>
internal static class PoolWords
{
    /// <summary>Key and values of the text that tells it.</summary>
    public static (string Key, object[] Args) Of(Hand hand) => hand.Cause switch
    {
        HandCause.Claimed => ("pools.told.claimed", [Name(hand.To), Name(hand.FromPool)]),
        HandCause.Returned when hand is { Lack: { } lack, Since: { } since } => ("pools.told.returned." + CustomerFilter.Kebab(lack), [Name(hand.ToPool), since, hand.Days]),
        HandCause.GivenBack => ("pools.told.givenBack", [Name(hand.From), Name(hand.ToPool)]),
        HandCause.PutIn or HandCause.Returned => ("pools.told.putIn", [Name(hand.ToPool)]),
        HandCause.Gathered => ("pools.told.gathered", [Name(hand.ToPool)]),
        HandCause.Extended => ("pools.told.extended", [Name(hand.To), hand.Days]),
        HandCause.HandedOver => ("pools.told.handedOver", [Name(hand.From), Name(hand.To ?? hand.ToPool)]),
        HandCause.Imported => ("pools.told.imported", [Name(hand.To), Name(hand.From ?? hand.FromPool)]),
        _ => hand.To is null ? ("pools.told.released", [Name(hand.From)]) : ("pools.told.assigned", [Name(hand.To), Name(hand.From ?? hand.FromPool)]),
    };

    public static string Told(Texts texts, Hand hand) => Of(hand) is var (key, args) ? texts[key, args] : "";

    /// <summary>No valid contact since 3 June, 15 working days.</summary>
    public static string Why(Texts texts, Departure departure) => texts["pools.why." + CustomerFilter.Kebab(departure.Lack), departure.Since, departure.Days];

    private static string Name(string? name) => name ?? "–";
}
