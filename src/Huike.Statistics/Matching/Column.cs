using System.Globalization;

namespace Huike.Statistics.Matching;

/// <summary>A field made ready to be compared: each different value once, folded, with its words and their rarity.</summary>
internal sealed class Column
{
    private static readonly double[] NameSteps = [0.55, 0.7, 0.8, 0.88, 0.94];
    private static readonly double[] TextSteps = [0.08, 0.14, 0.2, 0.27, 0.35, 0.45, 0.55, 0.7, 0.85];
    private const int ShortestHalved = 5;
    private const double NearBest = 0.9;
    private readonly string[] texts;
    private readonly int[] valueOf;
    private readonly int[] counts;
    private readonly WordVectors? words;
    private readonly double known;
    private float[]? best;

    public Column(MatchField field)
    {
        Kind = field.Kind;
        Name = field.Name;
        (valueOf, texts, counts) = Distinct(field);
        known = counts.Sum(count => (double)count);
        if (Kind is FieldKind.Name or FieldKind.Address or FieldKind.Text) { words = new(texts, counts, withNeighbours: Kind == FieldKind.Text); }
        Levels = LevelsOf(Kind);
        EqualPairs = counts.Sum(count => count * (count - 1.0) / 2);
    }

    public string Name { get; }

    public FieldKind Kind { get; }

    /// <summary>How many levels there are: 0 is "differs", the highest "the same".</summary>
    public int Levels { get; }

    /// <summary>How many levels a field of the kind has.</summary>
    public static int LevelsOf(FieldKind kind) => kind switch { FieldKind.Name or FieldKind.Address => NameSteps.Length + 2, FieldKind.Text => TextSteps.Length + 2, FieldKind.Key or FieldKind.Date => 4, FieldKind.Number => 5, _ => 2 };

    /// <summary>How many of the lowest levels are rare among records that are the same, by what the field is; 0 where that can't be said.</summary>
    public int Unlike => Kind switch { FieldKind.Name => 3, FieldKind.Text => 2, _ => 0 };

    /// <summary>Pairs of records with the same value.</summary>
    public double EqualPairs { get; }

    /// <summary>Pairs of records that both have a value.</summary>
    public double KnownPairs => known * (known - 1) / 2;

    /// <summary>The place of the record's value among the different ones; -1 where it is unknown.</summary>
    public int Value(int record) => valueOf[record];

    /// <summary>How many records have the value.</summary>
    public int Count(int value) => counts[value];

    /// <summary>Words of a value; empty where they are no way to look for pairs.</summary>
    public ReadOnlySpan<int> WordsOf(int value) => words is null ? [] : words.Of(value);

    /// <summary>The first and the last letters of a value, of which one typing error leaves one right; empty where that says nothing.</summary>
    public (string Front, string Back)? Halves(int value)
    {
        if (Kind is not (FieldKind.Name or FieldKind.Key or FieldKind.Date)) { return null; }
        var text = texts[value];
        return text.Length >= ShortestHalved && !Words.IsChinese(text[0]) ? (text[..(text.Length / 2)], text[(text.Length / 2)..]) : null;
    }

    /// <summary>How much more or less than a usual agreement one in this value says, in bits: a rare value says more.</summary>
    public double Rarity(int record)
    {
        if (Kind is not (FieldKind.Name or FieldKind.Address or FieldKind.Category) || EqualPairs == 0) { return 0; }
        return Math.Log2(EqualPairs / KnownPairs / ((counts[valueOf[record]] - 1) / (known - 1)));
    }

    /// <summary>The level of agreement of two records; -1 where one of them has no value.</summary>
    public int Level(int a, int b)
    {
        var (x, y) = (valueOf[a], valueOf[b]);
        if (x < 0 || y < 0) { return -1; }
        if (x == y) { return Levels - 1; }
        return Kind switch
        {
            FieldKind.Name => Step(NameSteps, NameLikeness(x, y)),
            // Another house of the same street is another place.
            FieldKind.Address => Math.Min(Step(NameSteps, words!.Soft(x, y)), words!.ShareNumber(x, y) ? Levels : 0),
            FieldKind.Text => TextLevel(a, b),
            FieldKind.Key => KeyLevel(texts[x], texts[y]),
            FieldKind.Date => Likeness.DamerauLevenshtein(texts[x], texts[y], 2) switch { <= 1 => 2, 2 => 1, _ => 0 },
            FieldKind.Number => NumberLevel(texts[x], texts[y]),
            _ => 0,
        };
    }

    /// <summary>Hears of a pair across two sets without doubles: a text that fits another one better is not like this one, however much they share.</summary>
    public void Rival(int a, int b)
    {
        if (Kind != FieldKind.Text || valueOf[a] < 0 || valueOf[b] < 0) { return; }
        best ??= new float[valueOf.Length];
        var likeness = (float)words!.Cosine(valueOf[a], valueOf[b]);
        (best[a], best[b]) = (Math.Max(best[a], likeness), Math.Max(best[b], likeness));
    }

    private int TextLevel(int a, int b)
    {
        var likeness = words!.Cosine(valueOf[a], valueOf[b]);
        return best is not null && likeness < NearBest * Math.Max(best[a], best[b]) ? 0 : Step(TextSteps, likeness);
    }

    private static int Step(double[] steps, double likeness)
    {
        var level = 0;
        while (level < steps.Length && likeness >= steps[level]) { level++; }
        return level;
    }

    /// <summary>One word, or a Chinese name of a few characters, letter by letter; several by their rarity, or as a whole where a blank or two moved.</summary>
    private double NameLikeness(int x, int y)
    {
        var (a, b) = (texts[x], texts[y]);
        var letters = Math.Max(a.Length, b.Length) > 4 && Words.IsChinese(a[0]) ? 0 : Likeness.JaroWinkler(a, b);
        return words!.Of(x).Length == 1 && words.Of(y).Length == 1 ? letters : Math.Max(letters >= 0.9 || Math.Max(a.Length, b.Length) <= 4 ? letters : 0, words.Soft(x, y));
    }

    /// <summary>Numbers of one town or series are alike and say nothing by it.</summary>
    private static int KeyLevel(string a, string b) =>
        Likeness.DamerauLevenshtein(a, b, 1) == 1 ? 2 : !a.All(char.IsAsciiDigit) && Likeness.JaroWinkler(a, b) >= 0.88 ? 1 : 0;

    private static int NumberLevel(string a, string b)
    {
        if (!double.TryParse(a, CultureInfo.InvariantCulture, out var x) || !double.TryParse(b, CultureInfo.InvariantCulture, out var y)) { return 0; }
        return (Math.Abs(x - y) / Math.Max(Math.Max(Math.Abs(x), Math.Abs(y)), double.Epsilon)) switch { < 0.02 => 3, < 0.1 => 2, < 0.3 => 1, _ => 0 };
    }

    private static string Made(FieldKind kind, string? text) => kind switch
    {
        FieldKind.Key or FieldKind.Date => Words.Join(text),
        FieldKind.Number => new([.. (text ?? "").Where(letter => char.IsAsciiDigit(letter) || letter is '.' or '-')]),
        _ => Words.Fold(text),
    };

    private static (int[] ValueOf, string[] Texts, int[] Counts) Distinct(MatchField field)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var times = new List<int>();
        var ofRecord = new int[field.Values.Count];
        for (var i = 0; i < ofRecord.Length; i++)
        {
            var text = Made(field.Kind, field.Values[i]);
            if (text.Length == 0)
            {
                ofRecord[i] = -1;
                continue;
            }
            if (!places.TryGetValue(text, out var place))
            {
                places[text] = place = times.Count;
                times.Add(0);
            }
            times[place]++;
            ofRecord[i] = place;
        }
        return (ofRecord, [.. places.Keys], [.. times]);
    }
}
