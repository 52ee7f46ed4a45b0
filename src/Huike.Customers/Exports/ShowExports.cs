using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Processing;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Exports;

/// <summary>An export as its page shows it.</summary>
/// <param name="Export">What.</param>
/// <param name="Purpose">What it is for, in words.</param>
/// <param name="IsOwn">Whether the visitor asked for it.</param>
/// <param name="IsThere">Whether its file can be downloaded.</param>
/// <param name="Words">Language and zone.</param>
internal sealed record ExportView(Export Export, string Purpose, bool IsOwn, bool IsThere, ListWording Words);

/// <summary>What is asked of the log.</summary>
/// <param name="Kind">Of this kind alone; null: of all.</param>
/// <param name="State">Those that stand so; null: all.</param>
/// <param name="Person">Number of who asked; null: everybody whom the reader sees.</param>
/// <param name="Before">Only those with a smaller number.</param>
internal sealed record ExportQuery(string? Kind, ExportState? State, long? Person, long Before)
{
    /// <exception cref="RuleException"><c>customers.filter.wrong</c>.</exception>
    public static ExportQuery Read(IQueryCollection query) => new(
        query["list"].ToString() is { Length: > 0 } kind ? kind : null,
        query["state"].ToString() is { Length: > 0 } state ? Enum.GetValues<ExportState>().Where(one => CustomerFilter.Kebab(one) == state).Select(one => (ExportState?)one).FirstOrDefault() ?? throw Wrong("state", state) : null,
        query["person"].ToString() is { Length: > 0 } person ? Number("person", person) : null,
        query["before"].ToString() is { Length: > 0 } before ? Number("before", before) : long.MaxValue);

    private static long Number(string name, string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(name, text);

    private static RuleException Wrong(string name, string text) => new("customers.filter.wrong", name, text[..Math.Min(text.Length, 20)]);
}

/// <summary>What a person took away within a month.</summary>
internal sealed record ExportFigure(long UserId, string By, long Files, long Rows, long Personal);

/// <summary>The log.</summary>
/// <param name="Query">What was asked.</param>
/// <param name="Rows">One more than a page holds where there are more.</param>
/// <param name="Figures">By person; none where the visitor sees only his own.</param>
/// <param name="Purposes">Names by code.</param>
/// <param name="SeesAll">Whether the visitor sees those of others.</param>
/// <param name="Words">Language and zone.</param>
internal sealed record ExportLog(ExportQuery Query, IReadOnlyList<Export> Rows, IReadOnlyList<ExportFigure> Figures, IReadOnlyDictionary<string, string> Purposes, bool SeesAll, ListWording Words)
{
    public const int Most = 50;
}

/// <summary>Reads exports for pages and programs: one's own, and everybody's for who may see them.</summary>
internal sealed class ShowExports(Database database, Register register, SettingsStore settings, ExportPages pages, Texts texts, TimeProvider clock)
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    public async Task<IResult> List(HttpContext http, Texts texts, CancellationToken ct)
    {
        var (query, seesAll) = (ExportQuery.Read(http.Request.Query), http.User.Holds(CustomerPermissions.Exports));
        var rows = await Read(http, query, ExportLog.Most + 1, ct);
        await using var connection = await database.Open(ct);
        var figures = !seesAll ? [] : await connection.Rows($"""
            select user_id, max(by), count(*), cast(sum(coalesce(made_count, 0)) as bigint), cast(sum(case when is_personal then coalesce(made_count, 0) else 0 end) as bigint)
            from {Export.Table} where asked_at >= @since and state in (2, 3, 7) group by user_id order by 4 desc, 1 limit 20
            """, row => new ExportFigure(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)), ct, ("since", clock.GetUtcNow() - Month));
        pages.Log.Value = new(query, rows, figures, (await register.All(ct)).ToDictionary(purpose => purpose.Code, purpose => purpose.Name(texts)), seesAll, await FileEndpoints.Words(texts, settings, ct));
        return Pages.Show<ExportListPage>(http, texts["exports.list.title"]);
    }

    /// <summary>The newest first.</summary>
    public async Task<List<Export>> Read(HttpContext http, ExportQuery query, int most, CancellationToken ct)
    {
        var person = http.User.Holds(CustomerPermissions.Exports) ? query.Person : http.User.Access().UserId;
        await using var connection = await database.Open(ct);
        return await Export.List(connection, $"id < @before{(query.Kind is null ? "" : " and kind = @kind")}{(query.State is null ? "" : " and state = @state")}{(person is null ? "" : " and user_id = @person")}", most, ct,
            ("before", query.Before), ("kind", query.Kind ?? ""), ("state", (short)(query.State ?? ExportState.Waiting)), ("person", person ?? 0));
    }

    /// <exception cref="RuleException"><c>exports.unknown</c>: there is none that the visitor may see.</exception>
    public async Task<ExportView> One(HttpContext http, long id, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var export = await Export.Find(connection, id, ct);
        var isOwn = export.UserId == http.User.Access().UserId;
        if (!isOwn && !http.User.Holds(CustomerPermissions.Exports)) { throw new RuleException("exports.unknown", id); }
        var purpose = (await register.All(ct)).Find(one => one.Code == export.Purpose)?.Name(texts) ?? export.Purpose;
        return pages.One.Value = new(export, purpose, isOwn, isOwn && export.IsThere(clock.GetUtcNow()), await FileEndpoints.Words(texts, settings, ct));
    }
}

/// <summary>What is handed to the pages.</summary>
internal sealed class ExportPages(Shown<ExportLog> log, Shown<ExportView> one)
{
    public Shown<ExportLog> Log => log;

    public Shown<ExportView> One => one;
}
