using System.Globalization;

namespace Huike.Platform.Calendar;

/// <summary>The days of the State Council's notices that came with the program.</summary>
internal static class Notices
{
    /// <summary>Special days by the year of the notice.</summary>
    public static IReadOnlyDictionary<int, IReadOnlyList<SpecialDay>> Years { get; } = Read();

    private static Dictionary<int, IReadOnlyList<SpecialDay>> Read()
    {
        using var file = new StreamReader(typeof(Notices).Assembly.GetManifestResourceStream("Huike.Platform.Calendar.notices.txt")!);
        return file.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').SelectMany(Days).GroupBy(day => day.ListYear)
            .ToDictionary(year => year.Key, year => (IReadOnlyList<SpecialDay>)[.. year.OrderBy(day => day.Day)]);
    }

    private static IEnumerable<SpecialDay> Days(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var kind = SpecialDayKind.Holiday;
        foreach (var word in words.Skip(2))
        {
            if (word == "/") { kind = SpecialDayKind.MakeUp; continue; }
            for (var day = On(words[0], word[..5]); day <= On(words[0], word[^5..]); day = day.AddDays(1))
            {
                yield return new(day, kind, words[1]) { Source = SpecialDaySource.Notice, ListYear = day.Year };
            }
        }
    }

    private static DateOnly On(string year, string day) => DateOnly.ParseExact($"{year}-{day}", "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
