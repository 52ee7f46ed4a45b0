using System.IO.Compression;
using System.Text;
using System.Xml;

namespace Huike.Platform.Exports;

/// <summary>The fixed parts of a workbook.</summary>
internal static class Sheet
{
    internal const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Package = "http://schemas.openxmlformats.org/package/2006";
    private const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.";

    // The order of the formats is that of SheetStyle.
    private const string Styles = $"""
        <styleSheet xmlns="{Main}"><numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/><numFmt numFmtId="166" formatCode="#,##0.####"/></numFmts>
        <fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
        <fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/></patternFill></fill></fills>
        <borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>
        <cellXfs count="8"><xf xfId="0"/><xf fontId="1" applyFont="1" xfId="0"/><xf numFmtId="164" applyNumberFormat="1" xfId="0"/><xf numFmtId="165" applyNumberFormat="1" xfId="0"/><xf numFmtId="4" applyNumberFormat="1" xfId="0"/><xf numFmtId="166" applyNumberFormat="1" xfId="0"/><xf fillId="2" applyFill="1" xfId="0"/><xf fontId="1" fillId="2" applyFont="1" applyFill="1" xfId="0"/></cellXfs></styleSheet>
        """;

    /// <summary>A sheet's name: at most 31 characters (less two for a number), none of those that the format forbids.</summary>
    internal static string Name(string name)
    {
        var kept = new string([.. name.Where(c => !"[]:*?/\\'".Contains(c, StringComparison.Ordinal) && !char.IsControl(c)).Take(28)]).Trim();
        return kept.Length == 0 ? "1" : kept;
    }

    /// <summary>The text without characters that XML cannot hold.</summary>
    internal static string Allowed(ReadOnlySpan<char> text)
    {
        var kept = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                kept.Append(text[i]).Append(text[++i]);
            }
            else if (XmlConvert.IsXmlChar(text[i]))
            {
                kept.Append(text[i]);
            }
        }
        return kept.ToString();
    }

    internal static void WriteParts(ZipArchive archive, string name, int sheets, CopyMark? mark, XmlWriterSettings settings)
    {
        var numbers = Enumerable.Range(1, sheets).ToArray();
        Write("[Content_Types].xml", $"""
            <Types xmlns="{Package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{ContentType}sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{ContentType}styles+xml"/>{string.Concat(numbers.Select(n => $"<Override PartName=\"/xl/worksheets/sheet{n}.xml\" ContentType=\"{ContentType}worksheet+xml\"/>"))}{(mark is null ? "" : $"<Override PartName=\"/{CopyMark.Part}\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>")}</Types>
            """);
        Write("_rels/.rels", $"""<Relationships xmlns="{Package}/relationships"><Relationship Id="rId1" Type="{Office}/officeDocument" Target="xl/workbook.xml"/>{(mark is null ? "" : $"<Relationship Id=\"rId2\" Type=\"{Package}/relationships/metadata/core-properties\" Target=\"{CopyMark.Part}\"/>")}</Relationships>""");
        if (mark is not null)
        {
            Write(CopyMark.Part, $"""<cp:coreProperties xmlns:cp="{Package}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier>{mark.Trace}</dc:identifier></cp:coreProperties>""");
        }
        Write("xl/workbook.xml", $"""
            <workbook xmlns="{Main}" xmlns:r="{Office}"><sheets>{string.Concat(numbers.Select(n => $"<sheet name=\"{System.Security.SecurityElement.Escape(n == 1 ? name : $"{name} {n}")}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>"))}</sheets></workbook>
            """);
        Write("xl/_rels/workbook.xml.rels", $"""
            <Relationships xmlns="{Package}/relationships">{string.Concat(numbers.Select(n => $"<Relationship Id=\"rId{n}\" Type=\"{Office}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"))}<Relationship Id="rIdStyles" Type="{Office}/styles" Target="styles.xml"/></Relationships>
            """);
        Write("xl/styles.xml", Styles);

        void Write(string part, string xml)
        {
            using var writer = XmlWriter.Create(archive.CreateEntry(part).Open(), settings);
            writer.WriteStartDocument(standalone: true);
            writer.WriteRaw(xml);
        }
    }
}
