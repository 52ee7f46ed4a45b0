using System.Globalization;
using Huike.Web;

namespace Huike.Benchmarks;

/// <summary>
/// A list of customers into an empty SQLite database, whole program from start to end, with the check for duplicates: names, two phones, mail, address, contact, tags; then the same list once more, and a dry run of it.
/// <c>customers [--rows 100000] [--plain]</c>; plain: without what belongs to files.
/// </summary>
internal static class ListLoadSpeed
{
    private const string Surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高";
    private const string Given = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰梅";

    private static readonly string Program = typeof(HuikeHost).Assembly.Location;

    public static async Task Run(string[] args)
    {
        var rows = int.Parse(Whole.Of(args, "--rows", "100000"), CultureInfo.InvariantCulture);
        var work = Directory.CreateTempSubdirectory("huike-bench-").FullName;
        try
        {
            var list = Path.Combine(work, "customers.csv");
            await File.WriteAllLinesAsync(list, Lines(rows, args.Contains("--plain")));
            string[] command = [Program, "import", "customers", list, "--json", "--data", Path.Combine(work, "data")];
            Console.WriteLine("| run | rows | seconds | rows/s | CPU s | peak MB |\n|---|--:|--:|--:|--:|--:|");
            foreach (var (name, more) in new (string, string[])[] { ("into an empty database", []), ("once more: nothing changes", []), ("dry run of it", ["--dry-run"]) })
            {
                var (wall, cpu, peak) = await Whole.Run("dotnet", [.. command, .. more]);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {rows:N0} | {wall:F1} | {rows / wall:N0} | {cpu:F1} | {peak:F0} |"));
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static IEnumerable<string> Lines(int rows, bool isPlain)
    {
        yield return isPlain ? "客户编号,客户名称,手机,邮箱,城市" : "客户编号,客户名称,手机,邮箱,省份,城市,区县,地址,联系人,联系人电话,标签,创建时间";
        for (var i = 0; i < rows; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{Surnames[i % Surnames.Length]}{Given[i / 7 % Given.Length]}{Given[i / 191 % Given.Length]}");
            yield return isPlain ? FormattableString.Invariant($"N{i:000000},{name},13{i:000000000},c{i}@example.com,杭州市")
                : FormattableString.Invariant($"N{i:000000},{name},13{i:000000000}/15{i:000000000},c{i}@example.com,浙江省,杭州市,西湖区,文三路{i % 900 + 1}号,{name},18{i:000000000},{(i % 3 == 0 ? "重点" : "一般")},2026/1/{i % 28 + 1}");
        }
    }
}
