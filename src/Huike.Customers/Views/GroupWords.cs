using Huike.Platform.Conditions;
using Huike.Ui;

namespace Huike.Customers.Views;

/// <summary>What groups are called.</summary>
internal static class GroupWords
{
    public static string Of(Texts texts, Fact fact, GroupFigure group) =>
        group.Value.Length == 0 ? texts["views.group.empty"] : fact.Choices.FirstOrDefault(choice => choice.Value == group.Value)?.Label(texts) ?? (group.Name is { Length: > 0 } name ? name : group.Value);
}
