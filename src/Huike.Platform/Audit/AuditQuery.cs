using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Audit;

/// <summary>Which entries are asked for; every condition must hold. Written in the address by the same names.</summary>
internal sealed record AuditQuery
{
    /// <summary>Address of the list.</summary>
    public const string Path = "/admin/audit";

    private const int LongestText = 100;

    /// <summary>Sign-in name; empty for everyone's.</summary>
    public string Actor { get; init; } = "";

    /// <summary>Empty for all.</summary>
    public string Action { get; init; } = "";

    /// <summary>Kind of record; empty for all.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Id among the records of the kind; null for all.</summary>
    public long? Record { get; init; }

    /// <summary>First day, in the firm's zone.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Older than this entry.</summary>
    public long? Before { get; init; }

    /// <summary>Newer than this entry: the page that ends before it.</summary>
    public long? After { get; init; }

    /// <exception cref="RuleException"><c>audit.filter.wrong</c>: a value that can't be meant.</exception>
    public static AuditQuery Read(IQueryCollection query)
    {
        return new()
        {
            Actor = Text("actor"),
            Action = Text("action"),
            Kind = Text("kind"),
            Record = Number("record"),
            From = Day("from"),
            To = Day("to"),
            Before = Number("before"),
            After = Number("after"),
        };

        string Text(string name) => query[name].ToString() is var text && text.Length <= LongestText && !text.Contains('\0', StringComparison.Ordinal) ? text : throw Wrong(name);

        long? Number(string name) => Text(name) is { Length: > 0 } text ? long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(name) : null;

        DateOnly? Day(string name) => Text(name) is { Length: > 0 } text
            ? DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1970 and < 9000 ? day : throw Wrong(name) : null;
    }

    /// <summary>Address of the list with these conditions.</summary>
    public string Href()
    {
        (string Name, string? Value)[] pairs =
        [
            ("actor", Actor), ("action", Action), ("kind", Kind), ("record", Number(Record)), ("from", Write(From)), ("to", Write(To)), ("before", Number(Before)), ("after", Number(After)),
        ];
        var text = string.Join('&', pairs.Where(pair => pair.Value is { Length: > 0 }).Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}"));
        return text.Length > 0 ? $"{Path}?{text}" : Path;
    }

    /// <summary>A day as inputs take it.</summary>
    public static string? Write(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static RuleException Wrong(string name) => new("audit.filter.wrong", name);
}
