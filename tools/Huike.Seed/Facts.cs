using System.Globalization;
using System.Text;

namespace Huike.Seed;

/// <summary>The tables in the folder Facts, which name their sources.</summary>
internal static class Facts
{
    /// <summary>Lines of a table without remarks.</summary>
    internal static IEnumerable<string> Lines(string table)
    {
        using var stream = typeof(Facts).Assembly.GetManifestResourceStream($"Huike.Seed.Facts.{table}.txt")
            ?? throw new InvalidOperationException($"The table Facts/{table}.txt is not in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line;
            }
        }
    }

    internal static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    internal static double[] Totals(IEnumerable<double> weights)
    {
        double total = 0;
        return weights.Select(weight => total += weight).ToArray();
    }
}

/// <summary>A prefecture and what is sold there.</summary>
internal sealed class City(string province, string name, string code, (string Code, int LocalDigits) area, double weight, string[] districts)
{
    internal string Province { get; } = province;
    internal string Name { get; } = name;

    /// <summary>Six digits, as in credit codes.</summary>
    internal string Code { get; } = code;
    internal string AreaCode { get; } = area.Code;
    internal int LocalDigits { get; } = area.LocalDigits;
    internal double Weight { get; } = weight;
    internal string[] Districts { get; } = districts;

    /// <summary>As in names of firms and outlets: 苏州, 恩施.</summary>
    internal string Short { get; } = name.EndsWith("自治州", StringComparison.Ordinal) ? Shorten(districts[0]) : Shorten(name);

    /// <summary>The branch that serves organisations and distributors.</summary>
    internal string Branch { get; } = (province[..2] is "内蒙" or "黑龙" ? province[..3] : province[..2]) + "分公司";

    /// <summary>Outlets here, at least one.</summary>
    internal string[] Outlets => field ??= Districts.Length == 0 ? [Short + "店"]
        : Districts.Take(1 + (int)(Weight / 9)).Select(d => Short == Shorten(d) ? Short + "店" : Short + Shorten(d) + "店").Distinct(StringComparer.Ordinal).ToArray();

    private static string Shorten(string division)
    {
        foreach (var tail in (string[])["新区", "地区", "盟", "市", "区", "县", "旗"])
        {
            if (division.Length > tail.Length + 1 && division.EndsWith(tail, StringComparison.Ordinal))
            {
                return division[..^tail.Length];
            }
        }

        return division;
    }
}

/// <summary>All prefectures, drawn by the weight of their market.</summary>
internal static class Cities
{
    private static readonly City[] All = Read().ToArray();
    private static readonly double[] Totals = Facts.Totals(All.Select(city => city.Weight));

    internal static City Draw(ref Dice dice) => All[dice.Pick(Totals)];

    private static IEnumerable<City> Read()
    {
        var (province, code) = ("", "");
        string[] eight = [];
        foreach (var parts in Facts.Lines("divisions").Select(line => line.Split(' ')))
        {
            if (parts[0] == "8")
            {
                eight = parts[1..];
            }
            else if (parts[0] == "=")
            {
                (code, province) = (parts[1], parts[2]);
            }
            else
            {
                var local = parts[2].Length == 3 || eight.Contains(parts[2], StringComparer.Ordinal) ? 8 : 7;
                yield return new City(province, parts[1], code + parts[0] + "00", (parts[2], local), Facts.Number(parts[3]), parts.Length > 4 ? parts[4].Split(',') : []);
            }
        }
    }
}
