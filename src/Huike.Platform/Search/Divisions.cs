using System.Collections.Frozen;
using System.IO.Compression;
using System.Text;

namespace Huike.Platform.Search;

/// <summary>行政区划: a division of China.</summary>
/// <param name="Code">Two digits for a province, four for a city, six for an area, nine for a street.</param>
/// <param name="Name">As the list writes it.</param>
/// <param name="Above">The one that it lies in; null for a province.</param>
public sealed record Division(string Code, string Name, Division? Above)
{
    // What people leave out, longest first.
    private static readonly string[] Endings = ["特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "自治州", "自治县", "自治旗", "地区", "省", "市", "区", "县", "旗", "盟"];

    private const string Office = "办事处";
    private const int CityDigits = 4;
    private const int LeastShort = 2;

    private readonly List<Division> below = [];
    private string[]? spellings;

    /// <summary>Those within it, in order of code.</summary>
    public IReadOnlyList<Division> Below => below;

    /// <summary>0 for a province to 3 for a street.</summary>
    public int Level => Code.Length switch { 2 => 0, CityDigits => 1, 6 => 2, _ => 3 };

    /// <summary>It stands in the list for order alone, as 市辖区; nobody writes it.</summary>
    public bool IsUnwritten => Level == 1 && Name is "市辖区" or "县" or "省直辖县级行政区划" or "自治区直辖县级行政区划";

    /// <summary>From the province down, without those that nobody writes and without the same name twice.</summary>
    public string FullName
    {
        get
        {
            var above = Above?.FullName ?? "";
            return IsUnwritten || Above is not null && !Above.IsUnwritten && Above.Name == Name ? above : above + Name;
        }
    }

    /// <summary>Name of the city that it lies in, as people name it: of a municipality 直辖市 its own, of an area right under a province the area's. Null: it is no deeper than a province.</summary>
    public string? City => Path.ToList() switch
    {
        [_, { IsUnwritten: false } city, ..] => city.Name,
        [{ Name: [.., '市'] } municipality, _, ..] => municipality.Name,
        [_, _, { } area, ..] => area.Name,
        _ => null,
    };

    /// <summary>Itself and those that it lies in, the province first.</summary>
    public IEnumerable<Division> Path => (Above?.Path ?? []).Append(this);

    /// <summary>How it is written, in the form that texts are brought into before: the name, and how else.</summary>
    internal IReadOnlyList<string> Spellings => spellings ??= [.. Spelt(Name.Normalize(NormalizationForm.FormKC).Replace("、", "", StringComparison.Ordinal))];

    internal void Add(Division division) => below.Add(division);

    private IEnumerable<string> Spelt(string name)
    {
        yield return name;
        if (Level == 3)
        {
            yield return name + Office;
        }
        else if (Array.Find(Endings, name.EndsWith) is { } ending && name.Length - ending.Length >= LeastShort)
        {
            yield return name[..^ending.Length];
        }
    }

    /// <summary>Same for the same code.</summary>
    public bool Equals(Division? other) => other?.Code == Code;

    /// <inheritdoc/>
    public override int GetHashCode() => Code.GetHashCode(StringComparison.Ordinal);
}

/// <summary>The tree of divisions, from the file beside this one.</summary>
public static class Divisions
{
    private const int Levels = 4;

    private static readonly (Division[] Provinces, FrozenDictionary<string, Division> ByCode) Tree = Read();

    /// <summary>The provinces, in order of code.</summary>
    public static IReadOnlyList<Division> Provinces => Tree.Provinces;

    /// <summary>All of them.</summary>
    public static IEnumerable<Division> All => Tree.ByCode.Values;

    /// <summary>The one that a text names, and nothing else; null: none, or several may be meant.</summary>
    public static Division? Named(string text) => DivisionText.Match(text) is ([var only], var length) && length == text.Length ? only : null;

    /// <returns>Null: there is no such code.</returns>
    public static Division? Find(string? code) => code is null ? null : Tree.ByCode.GetValueOrDefault(code);

    private static (Division[], FrozenDictionary<string, Division>) Read()
    {
        using var file = typeof(Divisions).Assembly.GetManifestResourceStream("Huike.Platform.Search.divisions.gz")!;
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress), Encoding.UTF8);
        var path = new Division[Levels];
        var all = new Dictionary<string, Division>(StringComparer.Ordinal);
        while (lines.ReadLine() is { } line)
        {
            var (level, blank) = (line[0] - '0', line.IndexOf(' ', StringComparison.Ordinal));
            var above = level == 0 ? null : path[level - 1];
            path[level] = new((above?.Code ?? "") + line[1..blank], line[(blank + 1)..], above);
            above?.Add(path[level]);
            all.Add(path[level].Code, path[level]);
        }
        return ([.. all.Values.Where(one => one.Level == 0)], all.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
