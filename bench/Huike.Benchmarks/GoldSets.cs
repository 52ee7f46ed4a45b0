using System.Text;
using Huike.Statistics.Matching;

namespace Huike.Benchmarks;

/// <summary>Records of which somebody knows which are the same.</summary>
/// <param name="Name">The set.</param>
/// <param name="Fields">Its fields, typed as the product would.</param>
/// <param name="Split">Where the second of two sets begins; 0 for one.</param>
/// <param name="Gold">The pairs that are the same.</param>
internal sealed record GoldSet(string Name, IReadOnlyList<MatchField> Fields, int Split, IReadOnlySet<(int A, int B)> Gold)
{
    /// <summary>Learns without the gold and counts with it.</summary>
    public Measured Measure()
    {
        var matcher = new Matcher(Fields, Split);
        var pairs = matcher.Learn() is { } model ? matcher.Pairs(model) : [];
        if (Split > 0) { pairs = Matcher.OneToOne(pairs); }
        return new(matcher.AllPairs, matcher.Compared, pairs.Count, pairs.Count(pair => Gold.Contains((pair.A, pair.B))), Gold.Count);
    }
}

/// <summary>What was found of a set.</summary>
internal sealed record Measured(double AllPairs, long Compared, int Found, int Right, int Gold)
{
    public double Precision => Found == 0 ? 0 : (double)Right / Found;

    public double Recall => (double)Right / Gold;

    public double F1 => 2.0 * Right / (Found + Gold);
}

/// <summary>The public sets, read from the folder beside the project.</summary>
/// <param name="path">From folder and file to the path of it.</param>
internal sealed class GoldSets(Func<string, string, string> path)
{
    public GoldSet Febrl(int number)
    {
        var table = Read("febrl_dev", $"dataset{number}.csv");
        return new($"FEBRL {number}",
        [
            table.Field("given_name", FieldKind.Name), table.Field("surname", FieldKind.Name), table.Field("street_number", FieldKind.Category), table.Field("address_1", FieldKind.Address), table.Field("address_2", FieldKind.Address),
            table.Field("suburb", FieldKind.Name), table.Field("postcode", FieldKind.Key), table.Field("state", FieldKind.Category), table.Field("date_of_birth", FieldKind.Date), table.Field("soc_sec_id", FieldKind.Key),
        ], 0, Same(table.Column("rec_id").Select(id => id!.Split('-')[1])));
    }

    public GoldSet Restaurants(bool withPhone)
    {
        var (first, second) = (Read("restaurants", "fodors.csv"), Read("restaurants", "zagats.csv"));
        var both = first.And(second);
        var places = both.Column("id").Select((id, i) => (id, i)).ToDictionary(one => one.id!, one => one.i, StringComparer.Ordinal);
        var matches = Read("restaurants", "matches_fodors_zagats.csv");
        var gold = matches.Column("fodors_id").Zip(matches.Column("zagats_id"), (a, b) => (places[a!], places[b!])).ToHashSet();
        MatchField[] fields = [both.Field("name", FieldKind.Name), both.Field("addr", FieldKind.Address), both.Field("city", FieldKind.Name), both.Field("type", FieldKind.Category)];
        return new("Fodors–Zagat" + (withPhone ? "" : " without phones"), withPhone ? [.. fields, both.Field("phone", FieldKind.Key)] : fields, first.Rows.Count, gold);
    }

    public GoldSet RestaurantDoubles()
    {
        var table = Read("restaurants", "restaurant-nophone-training.csv");
        return new("restaurants in one set, without phones", [table.Field("name", FieldKind.Name), table.Field("address", FieldKind.Address), table.Field("city", FieldKind.Name), table.Field("cuisine", FieldKind.Category)], 0, Same(table.Column("unique_id")));
    }

    public GoldSet AbtBuy()
    {
        var (first, second) = (Read("abt_buy", "AbtBuy_Abt.csv"), Read("abt_buy", "AbtBuy_Buy.csv"));
        var both = first.And(second);
        var gold = Same(both.Column("unique_id")).Where(pair => pair.A < first.Rows.Count && pair.B >= first.Rows.Count).ToHashSet();
        return new("Abt–Buy", [both.Field("title", FieldKind.Text), both.Field("description", FieldKind.Text), both.Field("price", FieldKind.Number)], first.Rows.Count, gold);
    }

    public GoldSet GermanNames()
    {
        var table = Read("rldata_dev", "RLdata500.csv");
        var born = table.Column("by").Zip(table.Column("bm"), table.Column("bd")).Select(day => $"{day.First}-{day.Second?.PadLeft(2, '0')}-{day.Third?.PadLeft(2, '0')}").ToArray();
        return new("RLdata500",
        [
            table.Field("fname_c1", FieldKind.Name), table.Field("fname_c2", FieldKind.Name), table.Field("lname_c1", FieldKind.Name), table.Field("lname_c2", FieldKind.Name), new("born", FieldKind.Date, born),
        ], 0, Same(Read("rldata_dev", "identity.RLdata500.csv").Column("x")));
    }

    public GoldSet Fake1000()
    {
        var table = Read("splink_fake1000", "fake_1000.csv");
        return new("splink fake_1000",
        [
            table.Field("first_name", FieldKind.Name), table.Field("surname", FieldKind.Name), table.Field("dob", FieldKind.Date), table.Field("city", FieldKind.Name), table.Field("email", FieldKind.Key),
        ], 0, Same(table.Column("cluster")));
    }

    private static HashSet<(int A, int B)> Same(IEnumerable<string?> groups) => [.. groups.Select((group, i) => (group, i)).GroupBy(one => one.group, one => one.i)
        .SelectMany(group => group.SelectMany((a, at) => group.Skip(at + 1).Select(b => (a, b))))];

    private Table Read(string folder, string file)
    {
        var rows = Cells(File.ReadAllText(path(folder, file))).Where(row => row.Count > 1).ToList();
        return new(rows[0], rows[1..]);
    }

    private static IEnumerable<List<string>> Cells(string text)
    {
        var (row, cell, quoted) = (new List<string>(), new StringBuilder(), false);
        foreach (var letter in text)
        {
            if (letter == '"' && !quoted && string.IsNullOrWhiteSpace(cell.ToString()))
            {
                quoted = true;
                cell.Clear();
            }
            else if (letter == '"') { quoted = false; }
            else if (quoted || letter is not (',' or '\n')) { cell.Append(letter); }
            else
            {
                row.Add(cell.ToString().Trim());
                cell.Clear();
                if (letter == ',') { continue; }
                yield return row;
                row = [];
            }
        }
        if (cell.Length > 0) { yield return [.. row, cell.ToString().Trim()]; }
    }

    private sealed record Table(List<string> Head, List<List<string>> Rows)
    {
        public Table And(Table other) => new(Head, [.. Rows, .. other.Rows]);

        public string?[] Column(string name)
        {
            var at = Head.IndexOf(name);
            return [.. Rows.Select(row => at < row.Count && row[at] != "NA" ? row[at] : null)];
        }

        public MatchField Field(string name, FieldKind kind) => new(name, kind, Column(name));
    }
}
