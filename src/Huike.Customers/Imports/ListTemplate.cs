using Huike.Platform.Exports;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Imports;

/// <summary>A workbook to begin a list of customers with: the usual columns, and two rows of example.</summary>
internal static class ListTemplate
{
    /// <summary>Its columns, by field.</summary>
    public static readonly IReadOnlyList<string> Fields =
    [
        "number", "name", "kind", "phone", "email", "province", "city", "district", "address", "creditCode", "contact", "contactTitle", "contactPhone", "contactEmail", "tags",
        "consentPurpose", "consentChannel", "consentState", "consentAt", "consentWay", "consentProof", "createdAt", "notes",
    ];

    public static IResult Answer(Texts texts)
    {
        var stream = new MemoryStream();
        using (var table = TableWriter.Xlsx(stream, texts["load.template.title"], [.. Fields.Select(field => new TableColumn(texts[$"load.column.{field}"]))], TimeZoneInfo.Utc))
        {
            foreach (var row in (string[])[texts["load.template.row1"], texts["load.template.row2"]])
            {
                foreach (var cell in row.Split('|')) { table.Text(cell); }
                table.EndRow();
            }
        }
        return TypedResults.File(stream.ToArray(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", texts["load.template.title"] + ".xlsx");
    }
}
