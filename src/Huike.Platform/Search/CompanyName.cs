using System.Text;

namespace Huike.Platform.Search;

/// <summary>Names of organisations without what says only their legal form.</summary>
public static class CompanyName
{
    private const string Shares = "股份";

    // Longest first: the whole form goes, not its last word alone.
    private static readonly string[] LegalForms =
    [
        "有限责任公司", "个体工商户", "有限合伙企业", "普通合伙企业", "有限公司", "有限合伙", "普通合伙", "公司",
    ];

    /// <summary>
    /// The name as it is compared: half-width, lower case, no marks, words of other writing parted by one blank, and the legal
    /// form at its end dropped (海尔集团（青岛）股份有限公司 → 海尔集团青岛). A branch (分公司) keeps its word, and a name that
    /// is nothing but a legal form stays whole.
    /// </summary>
    /// <returns>Empty where the name has neither letters nor digits.</returns>
    public static string Core(string name)
    {
        var core = new StringBuilder();
        var runs = NameText.Runs(name);
        for (var i = 0; i < runs.Count; i++)
        {
            if (i > 0 && !runs[i].IsHan && !runs[i - 1].IsHan)
            {
                core.Append(' ');
            }

            core.Append(i == runs.Count - 1 ? WithoutLegalForm(runs[i], standsAlone: i == 0, partly: false) : runs[i].Text);
        }

        // Only here: people do type 广田股份 when they look for 广田股份有限公司.
        if (core.Length > Shares.Length && core.ToString().EndsWith(Shares, StringComparison.Ordinal))
        {
            core.Length -= Shares.Length;
        }

        return core.ToString();
    }

    /// <summary>Drops the legal form at the end of the run.</summary>
    /// <param name="run">The last run of a name.</param>
    /// <param name="standsAlone">Nothing stands before this run: then something must be left.</param>
    /// <param name="partly">A beginning of a form of two characters or more goes too: someone is still typing (海尔有限).</param>
    internal static string WithoutLegalForm(NameRun run, bool standsAlone, bool partly)
    {
        var text = run.Text;
        if (!run.IsHan || text.EndsWith("分公司", StringComparison.Ordinal))
        {
            return text;
        }

        foreach (var form in LegalForms)
        {
            for (var length = form.Length; length >= (partly ? 2 : form.Length); length--)
            {
                if (text.Length - length >= (standsAlone ? 1 : 0) && text.AsSpan().EndsWith(form.AsSpan(0, length), StringComparison.Ordinal))
                {
                    return text[..^length];
                }
            }
        }

        return text;
    }
}
