using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Huike.Ui;

/// <summary>The languages of the product and the texts of each, read once from the embedded files.</summary>
public static class TextCatalog
{
    internal const string Cookie = "lang";

    private static readonly FrozenDictionary<string, Lazy<Texts>> _byLanguage =
        new[] { "zh-CN", "en" }.ToFrozenDictionary(language => language, language => new Lazy<Texts>(() => Load(language)), StringComparer.Ordinal);

    /// <summary>The supported languages; the first is the fallback.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["zh-CN", "en"];

    /// <summary>The texts of a language.</summary>
    /// <param name="language"><c>en</c> or <c>zh-CN</c>; anything else gives <c>zh-CN</c>.</param>
    public static Texts For(string language) => _byLanguage.GetValueOrDefault(language, _byLanguage["zh-CN"]).Value;

    /// <summary>The language of a request: what the visitor chose (cookie), else the best of Accept-Language, else <c>zh-CN</c>.</summary>
    /// <param name="http">The request; its headers may hold anything.</param>
    public static string LanguageOf(HttpContext http)
    {
        if (http.Request.Cookies.TryGetValue(Cookie, out var chosen) && _byLanguage.ContainsKey(chosen))
        {
            return chosen;
        }
        if (StringWithQualityHeaderValue.TryParseList(http.Request.Headers.AcceptLanguage, out var accepted))
        {
            foreach (var wish in accepted.Where(wish => wish.Quality is not 0).OrderByDescending(wish => wish.Quality ?? 1))
            {
                var range = wish.Value.AsSpan();
                if (range.StartsWith("zh", StringComparison.OrdinalIgnoreCase))
                {
                    return "zh-CN";
                }
                if (range.StartsWith("en", StringComparison.OrdinalIgnoreCase))
                {
                    return "en";
                }
            }
        }
        return "zh-CN";
    }

    private static Texts Load(string language)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var assembly = typeof(TextCatalog).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => IsTextsOf(name, language)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            foreach (var (key, text) in JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!)
            {
                if (!texts.TryAdd(key, text))
                {
                    throw new InvalidDataException($"{name} repeats the key {key}; each key belongs to one file.");
                }
            }
        }
        return new Texts(language, texts.ToFrozenDictionary(StringComparer.Ordinal));
    }

    // The folder keeps the separator of the machine that built it.
    private static bool IsTextsOf(string resource, string language) =>
        resource.Replace('\\', '/').StartsWith($"Texts/{language}/", StringComparison.Ordinal);
}
