using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Huike.Seed;

var seed = new Option<int>("--seed") { Description = "Names the firm; any number.", DefaultValueFactory = _ => 1 };
var customers = new Option<int?>("--customers") { Description = "Customers; 20000 where neither this nor --rows is given, with --rows a tenth of it." };
var years = new Option<int>("--years") { Description = "Years of transactions.", DefaultValueFactory = _ => 3 };
var until = new Option<string>("--until") { Description = "Last day of the ledger, yyyy-MM-dd.", DefaultValueFactory = _ => "2026-11-20" };
var rows = new Option<long?>("--rows") { Description = "About how many lines the ledger shall have." };
var language = new Option<string>("--language") { Description = "Language of headers: zh or en.", DefaultValueFactory = _ => "zh" };
language.AcceptOnlyFromAmong("zh", "en");
var output = new Option<string>("--out") { Description = "Folder for the three files.", Required = true };
until.Validators.Add(result =>
{
    if (!DateOnly.TryParseExact(result.GetValueOrDefault<string>(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
    {
        result.AddError("--until takes a day such as 2026-11-20.");
    }
});

var command = new RootCommand("Writes customers, products and transactions of a believable firm as CSV, the same for the same number.")
{
    seed, customers, years, until, rows, language, output,
};
command.SetAction(parsed =>
{
    var lines = parsed.GetValue(rows);
    var size = new FirmSize(parsed.GetValue(customers) ?? (int)Math.Max(1, (lines ?? 200_000) / 10), parsed.GetValue(years), lines);
    var started = Stopwatch.GetTimestamp();
    try
    {
        var firm = new Firm(parsed.GetValue(seed), size, DateOnly.ParseExact(parsed.GetValue(until)!, "yyyy-MM-dd", CultureInfo.InvariantCulture));
        var written = new LedgerFiles(parsed.GetValue(output)!, parsed.GetValue(language) == "zh").Write(firm);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size.Customers} customers, {written} lines, {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s"));
        return 0;
    }
    catch (Exception refused) when (refused is ArgumentOutOfRangeException or IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine(refused.Message);
        return 2;
    }
});
return command.Parse(args).Invoke();
