using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Relationships;
using Huike.Platform;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Pools;

/// <summary>Reads the form of a pool.</summary>
internal static class PoolForm
{
    public const int Rows = 6;

    /// <exception cref="RuleException"><c>pools.rules.wrong</c>.</exception>
    public static PoolDraft Read(IFormCollection form) => new(form["name"].ToString(), Number(form["position"]) ?? 0, form["isOpen"] == "true", Rules(form), Names(form["people"]), Names(form["administrators"]),
        [.. form["unit"].Select(unit => long.TryParse(unit, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw Wrong())]);

    private static PoolRules Rules(IFormCollection form) => new()
    {
        Places = Names(form["places"]),
        Categories = Names(form["categories"]),
        Shown = Number(form["shown"]) ?? 1,
        Quota = Number(form["quota"]),
        Capacity = Number(form["capacity"]),
        CapacityOfAll = Number(form["capacityOfAll"]),
        CoolingDays = Number(form["coolingDays"]) ?? 0,
        ProtectedDays = Number(form["protectedDays"]) ?? 0,
        WarningDays = Number(form["warningDays"]) ?? 0,
        ExtensionDays = Number(form["extensionDays"]) ?? 0,
        Extensions = Number(form["extensions"]) ?? 0,
        Flow = Number(form["flow"]),
        LeastNote = Number(form["leastNote"]) ?? 20,
        StaysAfterPurchase = Number(form["staysAfterPurchase"]) ?? 0,
        StaysWithStep = form["staysWithStep"] == "true",
        StayingTags = Names(form["stayingTags"]),
        StayingTiers = [.. form["stayingTier"].Select(Chosen<Tier>)],
        StayingTypes = [.. form["stayingType"].Select(Chosen<RelationshipType>)],
        Returns = [.. Enumerable.Range(0, Rows).Where(row => form[$"days{row}"].ToString().Trim().Length > 0).Select(row => new ReturnRule(Chosen<Lack>(form[$"lack{row}"]), Number(form[$"days{row}"]) ?? 0, Maybe<Tier>(form[$"tier{row}"]), Maybe<BuyingStage>(form[$"stage{row}"])))],
    };

    private static T? Maybe<T>(string? text) where T : struct, Enum => string.IsNullOrEmpty(text) ? null : Chosen<T>(text);

    private static T Chosen<T>(string? text) where T : struct, Enum => TypedText.Chosen<T>(text, "pools.rules.wrong");

    private static int? Number(string? text) => string.IsNullOrWhiteSpace(text) ? null : int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong();

    private static List<string> Names(string? text) => [.. TypedText.Clean(text).Split([',', '，', '、', ';', '；', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];

    private static RuleException Wrong() => new("pools.rules.wrong", PoolRules.MostDays);
}
