using System.Globalization;
using System.Text;
using Huike.Customers;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Customers;

/// <summary>Nothing that a plain look through all names and phones finds is missed; each finds fewer than the thousand that a search keeps.</summary>
public sealed class FindRecallTests
{
    private const int People = 1_500;
    private const int Firms = 1_000;
    private const int Queries = 250;

    /// <summary>Surnames that read otherwise than the same character does elsewhere.</summary>
    private static readonly Dictionary<char, string> Surnames = "单shan 解xie 区ou 查zha 仇qiu 曾zeng 任ren 朴piao 盖ge 覃qin 种chong 员yun 召shao 乐yue 翟zhai 缪miao 华hua 尉wei 葛ge 万wan 黑hei 冼xian 纪ji 宁ning"
        .Split(' ').ToDictionary(pair => pair[0], pair => pair[1..]);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private sealed record One(string Number, string Name, string Phone);

    [Theory, OnBothDatabases]
    public async Task Every_part_of_a_name_every_pinyin_and_every_stretch_of_a_phone_finds_all_who_have_it(DatabaseKind kind)
    {
        var all = Everybody();
        var sounds = Sounds();
        await using var app = await HuikeApp.Start(kind);
        await Given.Customers(app, "number,name,phone\n" + string.Concat(all.Select(one => $"{one.Number},{one.Name},{one.Phone}\n")));
        Assert.Equal(all.Count, await app.Number("select count(*) from customers_customer"));
        var random = new Random(20);
        var missed = new List<string>();
        var hits = 0;
        foreach (var (typed, meant) in Parts(all, random).Concat(Pinyins(all, sounds, random)).Concat(Phones(all, random)))
        {
            var naive = all.Where(meant).Select(one => one.Number).ToList();
            var found = await Found(app, typed);
            hits += naive.Count;
            if (naive.FirstOrDefault(number => !found.Contains(number)) is { } lost) { missed.Add($"{typed}: {all.First(one => one.Number == lost).Name}, {naive.Count} meant, {found.Count} found"); }
        }
        Assert.True(hits > 5 * Queries, $"{hits}");
        Assert.True(missed.Count == 0, $"{missed.Count} of {7 * Queries} missed: {string.Join("; ", missed.Take(40))}");
    }

    private static IEnumerable<(string, Func<One, bool>)> Parts(List<One> all, Random random)
    {
        for (var i = 0; i < Queries * 3; i++)
        {
            var name = all[random.Next(all.Count)].Name;
            var length = random.Next(1, Math.Min(6, name.Length) + 1);
            var part = name.Substring(random.Next(name.Length - length + 1), length);
            yield return (part, one => one.Name.Contains(part, StringComparison.Ordinal));
        }
    }

    /// <summary>People by their whole pinyin, by its beginning, by the surname's alone, and by initials.</summary>
    private static IEnumerable<(string, Func<One, bool>)> Pinyins(List<One> all, Dictionary<char, string> sounds, Random random)
    {
        var spoken = all.Take(People).Select(one => (One: one, Syllables: Syllables(one.Name, sounds))).Where(one => one.Syllables is not null).ToDictionary(one => one.One, one => one.Syllables!);
        Assert.True(spoken.Count > People / 2);
        var people = spoken.Keys.ToList();
        for (var i = 0; i < Queries * 2; i++)
        {
            var syllables = spoken[people[random.Next(people.Count)]];
            var full = string.Concat(syllables);
            var typed = (i % 5) switch
            {
                0 => full,
                1 => full[..random.Next(syllables[0].Length, full.Length + 1)],
                2 => string.Concat(syllables.Select(one => one[0])),
                3 => syllables[0],
                _ => string.Concat(syllables.Take(2).Select(one => one[0])),
            };
            yield return (typed, one => spoken.TryGetValue(one, out var said) && (string.Concat(said).StartsWith(typed, StringComparison.Ordinal) || string.Concat(said.Select(syllable => syllable[0])).StartsWith(typed, StringComparison.Ordinal)));
        }
    }

    /// <summary>Beginnings, tails of four and more, and seven digits or more from within.</summary>
    private static IEnumerable<(string, Func<One, bool>)> Phones(List<One> all, Random random)
    {
        for (var i = 0; i < Queries * 2; i++)
        {
            var phone = all[random.Next(all.Count)].Phone;
            var inner = random.Next(1, 4);
            var typed = (i % 4) switch
            {
                0 => phone[..random.Next(4, 12)],
                1 => phone[^4..],
                2 => phone[^random.Next(4, 12)..],
                _ => phone.Substring(inner, random.Next(7, 12 - inner)),
            };
            yield return (typed, one => one.Phone.StartsWith(typed, StringComparison.Ordinal) || one.Phone.EndsWith(typed, StringComparison.Ordinal) || (typed.Length >= 7 && one.Phone.Contains(typed, StringComparison.Ordinal)));
        }
    }

    private static async Task<HashSet<string>> Found(HuikeApp app, string typed) => await app.In(async services =>
    {
        var found = new HashSet<string>();
        await foreach (var row in services.GetRequiredService<CustomerList>().All(new(new CustomerFilter { Q = typed }, CustomerSort.Relevance, false, new Viewer([], FieldAccess.Full)), Ct)) { found.Add(row.Number); }
        return found;
    });

    private static List<One> Everybody()
    {
        var random = new Random(19);
        var surnames = File.ReadLines(Shared("cn_names/chinesenames/familyname.csv")).Skip(1).Select(line => line.Split(',')[0]).Where(IsPlain).ToList();
        var given = File.ReadLines(Shared("cn_names/chinesenames/givenname.csv")).Skip(1).Select(line => line.Split(',')[0]).Where(IsPlain).ToList();
        var firms = File.ReadLines(Shared("cn_company_names/Company-Shorter-Form（28W）.txt")).Skip(3).Where((name, i) => i % 250 == 5 && name.Length >= 2 && IsPlain(name)).Take(Firms).ToList();
        string[] before = ["", "北京", "上海", "广东省"];
        string[] after = ["", "有限公司", "科技有限公司", "股份有限公司", "贸易有限责任公司"];
        var names = Enumerable.Range(0, People).Select(i => (i % 3 == 0 ? Surnames.Keys.ElementAt(i / 3 % Surnames.Count).ToString() : surnames[i % surnames.Count]) + given[random.Next(given.Count)] + (i % 4 == 0 ? "" : given[random.Next(given.Count)]))
            .Concat(firms.Select((name, i) => before[i % 4] + name + after[i % 5]));
        return [.. names.Select((name, i) => new One($"R{i}", name, string.Create(CultureInfo.InvariantCulture, $"1{random.Next(3, 10)}{random.NextInt64(1_000_000_000):D9}")))];
    }

    /// <summary>Null where a character has no sound in the table, or the surname is of two characters.</summary>
    private static string[]? Syllables(string name, Dictionary<char, string> sounds) => name.Length is 2 or 3 && name.All(sounds.ContainsKey)
        ? [.. name.Select((character, i) => i == 0 && Surnames.TryGetValue(character, out var surname) ? surname : sounds[character])] : null;

    /// <summary>The usual reading of each of 8,105 characters, without tones, from another source than the product's.</summary>
    private static Dictionary<char, string> Sounds() => File.ReadLines(Shared("cn_pinyin/kMandarin_8105.txt")).Where(line => line.StartsWith("U+", StringComparison.Ordinal) && line.Length > 8 && line[6] == ':')
        .GroupBy(line => (char)int.Parse(line.AsSpan(2, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture))
        .ToDictionary(lines => lines.Key, lines => Toneless(lines.First()[7..].Split('#')[0].Trim().Split(' ')[0].Split(',')[0]));

    private static string Toneless(string pinyin) =>
        string.Concat(pinyin.Replace("ü", "v", StringComparison.Ordinal).Normalize(NormalizationForm.FormD).Replace("u\u0308", "v", StringComparison.Ordinal).Where(letter => char.IsAsciiLetterLower(letter)));

    private static bool IsPlain(string text) => text.All(letter => letter is >= '\u4e00' and <= '\u9fff');

    internal static string Shared(string path)
    {
        var found = (Environment.GetEnvironmentVariable("HUIKE_SHARED") is { Length: > 0 } named ? [named] : Above().Select(folder => Path.Combine(folder, "shared")))
            .Select(folder => Path.Combine(folder, "data", path)).FirstOrDefault(File.Exists);
        Assert.SkipUnless(found is not null, $"shared/data/{path} is not here");
        return found!;
    }

    private static IEnumerable<string> Above()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent) { yield return folder.FullName; }
    }
}
