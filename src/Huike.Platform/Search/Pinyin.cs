using System.IO.Compression;
using System.Text;

namespace Huike.Platform.Search;

/// <summary>
/// How names sound, without tones (ü as v): for lists in the order of pinyin, and to find 张伟 by zhangwei or zw.
/// Readings come from Unihan (README.md beside this file); surnames and places that read otherwise from <see cref="PinyinReadings"/>.
/// </summary>
public static class Pinyin
{
    private static readonly Dictionary<int, string[]> Table = Load();

    /// <summary>
    /// A key that sorts by pinyin, then by character, one character after the other, when compared by code point
    /// (so 张 stands together before 章). Latin in lower case without accents, digits as they are. Han characters without a known reading sort last.
    /// </summary>
    /// <returns>E.g. <c>zhang 张 wei 伟</c>; the name itself where it has neither letters nor digits.</returns>
    public static string SortKey(string name)
    {
        var key = new StringBuilder();
        var runs = NameText.Runs(name);
        foreach (var run in runs)
        {
            foreach (var (character, readings) in Spoken(run, IsPerson(runs)))
            {
                // The blank sorts before every letter: zhan comes before zhang.
                key.Append(key.Length > 0 ? " " : "").Append(readings[0]);
                if (run.IsHan)
                {
                    key.Append(' ').Append(character);
                }
            }
        }

        return key.Length > 0 ? key.ToString() : name;
    }

    /// <summary>All syllables in a row: 张伟 is zhangwei. Other letters and digits stay.</summary>
    public static string Full(string name) => Combinations(name, 1)[0].Full;

    /// <summary>First letters: 张伟 is zw, John Smith is js, TCL电器 is tcldq (beside Han, other words stay whole).</summary>
    public static string Initials(string name) => Combinations(name, 1)[0].Initials;

    /// <summary>Full pinyin and initials in the usual reading first, then with the second readings of the first two characters that have one.</summary>
    /// <param name="name">The name; a single Han run of two to four characters is read as a person's, surname first.</param>
    /// <param name="most">1 to 4 combinations.</param>
    internal static List<(string Full, string Initials)> Combinations(string name, int most)
    {
        var runs = NameText.Runs(name);
        var person = IsPerson(runs);
        var spoken = runs.SelectMany(run => Spoken(run, person).Select(s => (run.IsHan, s.Readings))).ToList();
        return Combine(spoken, most);
    }

    internal static List<(string Full, string Initials)> Combine(List<(bool IsHan, string[] Readings)> spoken, int most)
    {
        var hasHan = spoken.Exists(s => s.IsHan);
        var open = Enumerable.Range(0, spoken.Count).Where(i => spoken[i].Readings.Length > 1).Take(2).ToList();
        var result = new List<(string, string)>(most);
        for (var choice = 0; choice < Math.Min(most, 1 << open.Count); choice++)
        {
            var full = new StringBuilder();
            var initials = new StringBuilder();
            for (var i = 0; i < spoken.Count; i++)
            {
                var second = open.IndexOf(i) is var bit and >= 0 && (choice >> bit & 1) == 1;
                var syllable = spoken[i].Readings[second ? 1 : 0];
                full.Append(syllable);
                initials.Append(hasHan && !spoken[i].IsHan ? syllable : syllable[..NameText.Next(syllable, 0)]);
            }

            result.Add((full.ToString(), initials.ToString()));
        }

        return result;
    }

    /// <summary>Whether the name is written as a Chinese person's: one run of two to four Han characters.</summary>
    internal static bool IsPerson(List<NameRun> runs) => runs is [{ IsHan: true, Text.Length: >= 2 and <= 4 }];

    /// <summary>Each character of a Han run with its readings, the usual one first, at most two; another run is one word that reads as itself.</summary>
    internal static List<(string Character, string[] Readings)> Spoken(NameRun run, bool person)
    {
        if (!run.IsHan)
        {
            return [(run.Text, [run.Text])];
        }

        var result = new List<(string, string[])>(run.Text.Length);
        for (var at = 0; at < run.Text.Length;)
        {
            if (PinyinReadings.Phrase(run.Text.AsSpan(at), surname: person && at == 0) is { } phrase)
            {
                foreach (var syllable in phrase)
                {
                    var part = run.Text.Substring(at++, 1);
                    result.Add((part, Ordered(Table.GetValueOrDefault(part[0], []), syllable)));
                }

                continue;
            }

            var next = NameText.Next(run.Text, at);
            var character = run.Text[at..next];
            result.Add((character, Readings(character, surname: person && at == 0)));
            at = next;
        }

        return result;
    }

    private static string[] Readings(string character, bool surname)
    {
        if (!Table.TryGetValue(char.ConvertToUtf32(character, 0), out var known))
        {
            return [character];
        }

        var first = surname ? PinyinReadings.Surname(character[0]) : PinyinReadings.Usual(character[0]);
        return first is not null ? Ordered(known, first) : known.Length <= 2 ? known : known[..2];
    }

    private static string[] Ordered(string[] known, string first) =>
        Array.Find(known, reading => reading != first) is { } other ? [first, other] : [first];

    private static Dictionary<int, string[]> Load()
    {
        using var packed = typeof(Pinyin).Assembly.GetManifestResourceStream("Huike.Platform.Search.pinyin.gz")
            ?? throw new InvalidOperationException("The table pinyin.gz is not in the assembly: run tools/pinyin/make.py and build again.");
        using var lines = new StreamReader(new GZipStream(packed, CompressionMode.Decompress), Encoding.UTF8);
        var table = new Dictionary<int, string[]>(27_000);
        // A few hundred sets of readings serve all characters: one array for each set.
        var sets = new Dictionary<string, string[]>(2_000, StringComparer.Ordinal);
        while (lines.ReadLine() is { } line)
        {
            var start = NameText.Next(line, 0);
            var readings = line[start..];
            // Whoever types lü for 吕, or has no ü, is understood as well.
            readings = readings is ['l' or 'n', 'v', ..] && !readings.Contains(',') ? $"{readings},{readings[0]}u{readings[2..]}" : readings;
            if (!sets.TryGetValue(readings, out var set))
            {
                sets[readings] = set = readings.Split(',');
            }

            table[char.ConvertToUtf32(line, 0)] = set;
        }

        return table;
    }
}
