using Huike.Ui;

namespace Huike.Customers.Ledger;

/// <summary>Words of choices as files hold them: those of both languages, and what people write besides.</summary>
internal static class RowWords
{
    private static readonly HashSet<string> Given = new(["given", "agreed", "yes", "y", "true", "1", "opted in", "opt-in", "optin", "consented", "同意", "已同意", "是", "有", "已授权", "授权", "给予"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Withdrawn = new(["withdrawn", "refused", "no", "n", "false", "0", "opted out", "opt-out", "optout", "unsubscribed", "不同意", "拒绝", "否", "退订", "已退订", "撤回", "已撤回", "未授权"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The choice that a word means; null: none.</summary>
    /// <param name="word">The cell.</param>
    /// <param name="prefix">Beginning of the keys of its texts.</param>
    public static T? Of<T>(string word, string prefix) where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            var name = CustomerFilter.Kebab(value);
            if (Same(word, name) || TextCatalog.Languages.Any(language => TextCatalog.For(language) is var texts && texts.Has(prefix + name) && Same(word, texts[prefix + name]))) { return value; }
        }
        return null;
    }

    /// <summary>Whether a consent was given; null: the word says neither.</summary>
    public static bool? IsGiven(string word) => Given.Contains(word) ? true : Withdrawn.Contains(word) ? false : null;

    private static bool Same(string word, string other) => word.Equals(other, StringComparison.OrdinalIgnoreCase);
}
