using Huike.Platform.Imports;

namespace Huike.Customers.Ledger;

/// <summary>Parts workbooks into their sheets: each is a table of its own, that may be loaded or left out.</summary>
internal static class LoadSheets
{
    private const int Most = 20;

    private static readonly string[] PeopleWords = ["联系人", "contact", "people", "persons"];

    /// <summary>The files, and of workbooks the sheets that hold rows. Of a list of customers, a further one that is called contacts holds those; other sheets than the first are left out until they are chosen.</summary>
    /// <exception cref="ImportException">A workbook can't be read.</exception>
    public static IReadOnlyList<LoadFile> Of(IReadOnlyList<LoadFile> files, bool isCustomers)
    {
        var parted = new List<LoadFile>();
        foreach (var file in files)
        {
            var sheets = TableReader.Sheets(file.Path);
            parted.AddRange(sheets.Count < 2 ? [file] : sheets.Take(Most).Select((sheet, i) => file with { Sheet = sheet, Part = i == 0 ? LoadPart.Customers : LoadPart.None }));
        }
        // One table alone is what it was called: a list of contacts of a phone is one of customers.
        return isCustomers && parted.Count > 1 ? [.. parted.Select((file, i) => i > 0 && IsPeople(file.Sheet ?? file.Name) ? file with { Part = LoadPart.People } : file)] : parted;
    }

    private static bool IsPeople(string name) => Array.Exists(PeopleWords, word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
