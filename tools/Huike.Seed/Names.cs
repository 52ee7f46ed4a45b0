namespace Huike.Seed;

/// <summary>Names of people and organisations, and streets.</summary>
internal static class Names
{
    private const int FirstDecade = 1950;

    // How often a given name has one character alone, by decade of birth from 1950 on.
    private static readonly double[] SingleShare = [0.22, 0.28, 0.38, 0.40, 0.30, 0.12];

    private static readonly Dictionary<string, string> Given = [];
    private static readonly string[] Surnames;
    private static readonly double[] SurnameTotals;

    private static readonly Dictionary<string, string> Words = [];
    private static readonly ILookup<string, (string Category, string[] Trades, double[] Totals)> Trades;
    private static readonly string[] Forms;
    private static readonly double[] FormTotals;

    static Names()
    {
        foreach (var line in Facts.Lines("names"))
        {
            var at = line.IndexOf(' ', StringComparison.Ordinal);
            Given[line[..at]] = line[(at + 1)..];
        }

        var surnames = Given["surnames"].Split(' ').Select(Weighted).ToList();
        Surnames = surnames.Select(s => s.Word).ToArray();
        SurnameTotals = Facts.Totals(surnames.Select(s => s.Weight));

        var trades = new List<string[]>();
        foreach (var parts in Facts.Lines("companies").Select(line => line.Split(' ')))
        {
            if (parts[0] is "organisation" or "distributor" or "partner")
            {
                trades.Add(parts);
            }
            else
            {
                Words[parts[0]] = string.Join(' ', parts[1..]);
            }
        }

        Trades = trades.ToLookup(p => p[0], p => (p[1], Every(p[2..], 0), Facts.Totals(Every(p[2..], 1).Select(Facts.Number))), StringComparer.Ordinal);
        var forms = Words["forms"].Split(' ');
        Forms = Every(forms, 0);
        FormTotals = Facts.Totals(Every(forms, 1).Select(Facts.Number));
        Streets = Words["streets"].Split(' ');
        Estates = Words["estates"].Split(' ');
        Roles = Words["roles"].Split(' ');
    }

    internal static string[] Streets { get; }
    internal static string[] Estates { get; }
    internal static string[] Roles { get; }

    internal static string Person(ref Dice dice)
    {
        var surname = Surnames[dice.Pick(SurnameTotals)];
        // Buyers of kitchens: most were born between 1970 and 2000.
        var decade = Math.Min(5, (int)((dice.Next() + dice.Next() + 0.1) * 2.9));
        var characters = Given[(dice.Happens(0.5) ? "m" : "f") + (FirstDecade + (10 * decade))];
        return dice.Happens(SingleShare[decade]) ? surname + Character(ref dice, characters) : surname + Character(ref dice, characters) + Character(ref dice, characters);
    }

    /// <summary>Name and business category of an organisation in the city.</summary>
    internal static (string Name, string Category) Organisation(ref Dice dice, string kind, City city)
    {
        var trades = Trades[kind].ToArray();
        var (category, words, totals) = trades[dice.Below(trades.Length)];
        return (city.Short + Brand(ref dice) + words[dice.Pick(totals)] + Forms[dice.Pick(FormTotals)], category);
    }

    /// <summary>Two characters of good luck, as firms and estates are called.</summary>
    internal static string Brand(ref Dice dice) => Character(ref dice, Words["first"]).ToString() + Character(ref dice, Words["second"]);

    // The first characters of a list are the most popular ones.
    private static char Character(ref Dice dice, string among)
    {
        var share = dice.Next();
        return among[(int)(share * ((0.4 * share) + 0.6) * among.Length)];
    }

    private static (string Word, double Weight) Weighted(string entry)
    {
        var digits = entry.AsSpan().IndexOfAnyInRange('0', '9');
        return (entry[..digits], Facts.Number(entry[digits..]));
    }

    private static string[] Every(string[] pairs, int which) => pairs.Where((_, i) => i % 2 == which).ToArray();
}
