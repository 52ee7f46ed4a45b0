using System.Text;
using System.Text.RegularExpressions;

namespace Huike.Platform.Search;

/// <summary>What of a read invoice title should be looked at.</summary>
public enum InvoiceDoubt
{
    /// <summary>No name was found.</summary>
    NoName = 0,

    /// <summary>No tax number was found.</summary>
    NoTaxNumber = 1,

    /// <summary>The name was told by its place alone.</summary>
    Name = 2,

    /// <summary>Something was left over that fits nowhere.</summary>
    Rest = 3,
}

/// <summary>开票信息: what a firm sends round so that invoices are made out to it, taken apart.</summary>
/// <param name="Name">To whom; null where none is said.</param>
/// <param name="TaxNumber">Without blanks, in capitals; null where none is said.</param>
/// <param name="Doubts">What should be looked at.</param>
public sealed record InvoiceText(string? Name, string? TaxNumber, IReadOnlyList<InvoiceDoubt> Doubts)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private const RegexOptions Plain = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    private static readonly Regex Label = new("""
        (?<=^|[\s,;、。])(?:
          (?<name>发票抬头|开票抬头|开票名称|开票单位|单位名称|公司名称|企业名称|客户名称|购买方名称|购方名称|名称|抬头|户名|invoice\ title|company\ name|title|name)
        | (?<tax>(?:纳税人识别号|税号)\s*[(/或]\s*统一社会信用代码\s*\)?|统一社会信用代码\s*[(/或]\s*(?:纳税人识别号|税号)\s*\)?|纳税人识别号|纳税人税号|统一社会信用代码|社会信用代码|信用代码|纳税号|税务登记号|公司税号|企业税号|单位税号|税号|tax\ (?:number|no\.?|id)|credit\ code)
        | (?<place>(?:注册|单位|公司|企业|开票|营业)?地\s*址\s*[、/和及,与]?\s*(?:联系)?电\s*话(?:号码)?)
        | (?<bank>开户(?:银)?行(?:名称)?\s*[、/和及,与]?\s*(?:银行)?(?:账|帐)[号户]|银行\s*[、/和及,与]?\s*(?:账|帐)[号户])
        | (?<account>(?:银行|对公|公司|开户)?(?:账|帐)\s*[号户](?:号码)?|bank\ account|account(?:\ (?:number|no\.?))?)
        | (?<at>开户(?:银)?行(?:名称)?|基本户开户行|银行名称|bank)
        | (?<address>(?:注册|单位|公司|企业|开票|营业)?地\s*址|address)
        | (?<email>电子邮箱|电子邮件|收票邮箱|接收邮箱|邮\s*箱|e-?mail)
        | (?<mobile>收票手机号?|手机号码|手机号|手\s*机|mobile)
        | (?<phone>(?:注册|单位|公司|企业|开票|联系|办公)?电\s*话(?:号码)?|telephone|phone|tel\.?)
        )\s*(?:[:]|(?<=[号户码\)])(?=[0-9A-Z])|(?<=[\u2E80-\uFFEF\)])\s)\s*
        """, Plain | RegexOptions.Multiline | RegexOptions.IgnorePatternWhitespace, Patience);

    private static readonly string[] Labels = ["name", "tax", "place", "bank", "account", "at", "address", "email", "mobile", "phone"];
    private static readonly Regex Mobile = new(@"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)", Plain, Patience);
    private static readonly Regex Telephone = new(@"(?<!\d)(?:\(0\d{2,3}\)\s?\d{7,8}|0\d{2,3}[- ]?\d{7,8}|[48]00[- ]?\d{3,4}[- ]?\d{3,4}|\d{7,8})(?:\s?[-转]\s?\d{1,6})?(?!\d)", Plain, Patience);
    private static readonly Regex Account = new(@"(?<![\dA-Z])\d(?:[- ]?\d){8,31}(?![\dA-Z])", Plain, Patience);
    private static readonly Regex Tax = new(@"(?<![\dA-Z])(?:[\dA-Z]{2}\d{6}[\dA-Z]{10}|\d{6}[\dA-Z]{9})(?![\dA-Z])", Plain, Patience);
    private static readonly Regex Mail = new(@"[^\s@,;:<>()]+@[^\s@,;:<>()]+\.[a-z]{2,}", Plain, Patience);
    private static readonly Regex Bank = new("[^\\s,;:、。]*(?:银行|信用社|信用合作联社|农商行)[^\\s,;:、。\\d]*", Plain, Patience);

    /// <summary>As it was written; null where none is said.</summary>
    public string? Address { get; init; }

    /// <summary>As it was written; null where none is said.</summary>
    public string? Phone { get; init; }

    /// <summary>Bank and branch; null where none is said.</summary>
    public string? BankName { get; init; }

    /// <summary>Digits alone; null where none is said.</summary>
    public string? AccountNumber { get; init; }

    /// <summary>To which the invoice is sent; null where none is said.</summary>
    public string? Email { get; init; }

    /// <summary>To which the invoice is sent, as it was written; null where none is said.</summary>
    public string? MobilePhone { get; init; }

    /// <summary>Takes a text apart, in whatever order, width and lines it comes, with labels or without.</summary>
    /// <param name="text">At most a thousand characters of it are read.</param>
    public static InvoiceText Read(string? text)
    {
        var whole = Normal(text);
        var said = new Dictionary<string, string>();
        var rest = new StringBuilder();
        var until = 0;
        string? open = null;
        foreach (var match in Label.Matches(whole).Append(null))
        {
            var value = whole[until..(match?.Index ?? whole.Length)];
            // A labelled value ends with its line.
            var line = value.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end && open is not null && value[..end].Trim().Length > 0 ? end : value.Length;
            if (open is not null && Trimmed(value[..line]) is { Length: > 0 } one) { said.TryAdd(open, one); }
            rest.Append(open is null ? value : value[line..]).Append('\n');
            if (match is null) { break; }
            open = Labels.First(label => match.Groups[label].Success);
            until = match.Index + match.Length;
        }
        return Completed(said, rest.ToString());
    }

    /// <summary>What has no label is told by its form.</summary>
    private static InvoiceText Completed(Dictionary<string, string> said, string rest)
    {
        var place = said.GetValueOrDefault("place", "");
        var bank = said.GetValueOrDefault("bank", "");
        var tax = said.GetValueOrDefault("tax") ?? Take(ref rest, Tax);
        var phone = said.GetValueOrDefault("phone") ?? TakeLast(ref place, Mobile) ?? TakeLast(ref place, Telephone);
        var account = said.GetValueOrDefault("account") ?? TakeLast(ref bank, Account);
        var email = said.GetValueOrDefault("email") ?? Take(ref rest, Mail);
        var mobile = said.GetValueOrDefault("mobile");
        phone ??= Take(ref rest, Mobile) ?? Take(ref rest, Telephone);
        account ??= Take(ref rest, Account);
        var at = said.GetValueOrDefault("at") ?? (Trimmed(bank) is { Length: > 0 } named ? named : Take(ref rest, Bank));
        var address = said.GetValueOrDefault("address") ?? (Trimmed(place) is { Length: > 0 } lies ? lies : null);
        var words = rest.Split('\n', ',', ';').Select(Trimmed).Where(word => word.Length > 1).ToList();
        var isGuess = !said.ContainsKey("name") && words.Count > 0;
        var name = said.GetValueOrDefault("name");
        if (isGuess)
        {
            name = words.Find(word => CompanyName.Core(word).Length < word.Length) ?? words[0];
            words.Remove(name);
        }
        if (address is null && words.Find(word => AddressText.Read(word).Divisions.Count > 0) is { } read) { address = read; words.Remove(read); }
        InvoiceDoubt?[] doubts = [name is null ? InvoiceDoubt.NoName : null, tax is null ? InvoiceDoubt.NoTaxNumber : null, isGuess ? InvoiceDoubt.Name : null, words.Count > 0 ? InvoiceDoubt.Rest : null];
        return new(Bracketed(name), tax is null ? null : Close(tax).ToUpperInvariant(), [.. doubts.OfType<InvoiceDoubt>()])
        {
            Address = address,
            Phone = phone,
            BankName = at,
            AccountNumber = account is null ? null : Close(account),
            Email = email,
            MobilePhone = mobile,
        };
    }

    /// <summary>Chinese names have wide brackets.</summary>
    private static string? Bracketed(string? name) => name?.Any(letter => letter > '\u2E7F') == true ? name.Replace('(', '\uFF08').Replace(')', '\uFF09') : name;

    private static string Close(string text) => string.Concat(text.Where(char.IsAsciiLetterOrDigit));

    private static string Trimmed(string text) => text.Trim().Trim(',', ';', ':', '、', '。', '/').Trim();

    private static string? Take(ref string text, Regex pattern) => Take(ref text, pattern.Match(text));

    private static string? TakeLast(ref string text, Regex pattern) => Take(ref text, pattern.Matches(text).LastOrDefault());

    private static string? Take(ref string text, Match? match)
    {
        if (match is not { Success: true }) { return null; }
        text = string.Concat(text.AsSpan(0, match.Index), "\n", text.AsSpan(match.Index + match.Length));
        return match.Value.Trim();
    }

    private static string Normal(string? text) => AddressText.Normal(text).ReplaceLineEndings("\n").Replace('\t', ' ');
}
