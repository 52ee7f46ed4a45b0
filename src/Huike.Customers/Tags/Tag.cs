using System.Data.Common;
using System.Text;
using Huike.Platform;
using Huike.Platform.Data;

namespace Huike.Customers.Tags;

/// <summary>标签: a word of the firm's own for customers; written once, whatever its capitals and widths.</summary>
internal static class Tag
{
    /// <summary>Name under which it stands among a customer's changes.</summary>
    public const string Field = "tags";

    public const int Longest = 40;
    private const int MostOffered = 300;

    /// <summary>A customer's tags in one text, which <see cref="Split"/> reads; the customer is <c>c</c>.</summary>
    public const string Joined = "(select string_agg(tag.name, ',' order by tag.name_key) from customers_tagged tagged join customers_tag tag on tag.id = tagged.tag_id where tagged.customer_id = c.id)";

    /// <summary>Customers who carry the tag whose key is the parameter.</summary>
    public const string Carriers = "select tagged.customer_id from customers_tagged tagged where tagged.tag_id = (select tag.id from customers_tag tag where tag.name_key = @tag)";

    /// <summary>Condition that the customer <c>c</c> carries one of the tags whose keys stand for {0}.</summary>
    public const string AnyOf = "c.id in (select tagged.customer_id from customers_tagged tagged join customers_tag tag on tag.id = tagged.tag_id where tag.name_key in ({0}))";

    /// <summary>Same for the same tag.</summary>
    public static string Key(string name) => name.Normalize(NormalizationForm.FormKC).ToLowerInvariant();

    public static IReadOnlyList<string> Split(string? joined) => joined is { Length: > 0 } ? joined.Split(',') : [];

    /// <summary>Tags as people write them, parted by commas or line ends; each once.</summary>
    /// <exception cref="RuleException"><c>customers.tag.empty</c>, <c>customers.tag.long</c>.</exception>
    public static IReadOnlyList<string> Read(string? text)
    {
        var names = TypedText.Clean(text).Split([',', '，', '、', ';', '；', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Select(name => string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimStart('#')).Where(name => name.Length > 0).DistinctBy(Key).ToList();
        return names.Count == 0 ? throw new RuleException("customers.tag.empty") : names.Exists(name => name.Length > Longest) ? throw new RuleException("customers.tag.long", Longest) : names;
    }

    /// <summary>Those that customers carry, in order.</summary>
    public static Task<List<string>> Offered(DbConnection connection, CancellationToken ct) =>
        connection.Rows($"select name from customers_tag tag where exists (select 1 from customers_tagged tagged where tagged.tag_id = tag.id) order by name_key limit {MostOffered}", row => row.GetString(0), ct);
}
