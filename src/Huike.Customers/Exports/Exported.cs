using System.Globalization;
using System.Runtime.CompilerServices;
using Huike.Customers.Consents;
using Huike.Customers.Contracts;
using Huike.Customers.Pools;
using Huike.Customers.Views;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Conditions;
using Huike.Platform.Data;
using Huike.Platform.Exports;
using Huike.Platform.Fields;
using Huike.Ui;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Huike.Customers.Exports;

/// <summary>A row of a table that leaves.</summary>
/// <param name="Id">Number of what it shows.</param>
/// <param name="Write">Writes its cells.</param>
internal readonly record struct ExportedRow(long Id, Action<TableWriter, ListWording> Write);

/// <summary>A table that can leave, as one person may take it away.</summary>
/// <param name="Title">Name of sheet and file.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Level">How far fields are shown in it.</param>
/// <param name="IsPersonal">Whether one of its columns shows personal values unmasked.</param>
/// <param name="Rows">Its rows, streamed.</param>
internal sealed record ExportedTable(string Title, IReadOnlyList<TableColumn> Columns, int Level, bool IsPersonal, Func<CancellationToken, IAsyncEnumerable<ExportedRow>> Rows)
{
    /// <summary>Their numbers, where they are known in a shorter way.</summary>
    public Func<CancellationToken, Task<IReadOnlyCollection<long>>>? Ids { get; init; }

    public async Task<IReadOnlyCollection<long>> ReadIds(CancellationToken ct)
    {
        if (Ids is not null) { return await Ids(ct); }
        var ids = new HashSet<long>();
        await foreach (var row in Rows(ct)) { ids.Add(row.Id); }
        return ids;
    }
}

/// <summary>A kind of list that can be taken away as a file. Texts: <c>exports.kind.</c> and its name.</summary>
internal interface IExported
{
    string Kind { get; }

    /// <summary>Name in an address of what it is taken away for.</summary>
    string PurposeField { get; }

    /// <summary>Whether it comes as a workbook too.</summary>
    bool IsWorkbook { get; }

    /// <summary>Where the list is looked at.</summary>
    string Href(string query);

    /// <summary>What an address means by it.</summary>
    /// <exception cref="RuleException">As reading the list.</exception>
    Task<ExportOf> Asked(HttpContext http, IQueryCollection query, CancellationToken ct) => Task.FromResult(new ExportOf(Kind, Written(query.Where(pair => pair.Key != PurposeField)), []));

    /// <summary>Pairs of an address that tell which rows are meant.</summary>
    static string Written(IEnumerable<KeyValuePair<string, StringValues>> pairs) =>
        string.Join('&', pairs.Where(pair => pair.Key is not ("of" or "why" or "format" or "columns" or "after" or "before" or "limit" or "view" or "whole" or "up")).SelectMany(pair => pair.Value.Where(value => !string.IsNullOrEmpty(value)).Select(value => $"{pair.Key}={Uri.EscapeDataString(value!)}")));

    /// <param name="of">Which of it.</param>
    /// <param name="access">Who takes it away: what he may take now.</param>
    /// <param name="level">How far fields are shown at most; null: as far as he sees them.</param>
    /// <param name="texts">Language of the file.</param>
    /// <param name="ct">Ends the reads.</param>
    /// <exception cref="RuleException"><c>access.record.refused</c>: he may take nothing of it; what reading the query says.</exception>
    Task<ExportedTable> Open(ExportOf of, UserAccess access, int? level, Texts texts, CancellationToken ct);
}

/// <summary>Who takes customers away when no request is there.</summary>
internal sealed class ExportViewer(FieldBook book, FactBook facts, TimeProvider clock)
{
    /// <exception cref="RuleException"><c>access.record.refused</c>.</exception>
    public Viewer Of(UserAccess access, int? level)
    {
        if (access.Widest(CustomerPermissions.Export) == RecordScope.None) { throw new RuleException("access.record.refused"); }
        var viewer = Viewer.Of(access, clock.GetUtcNow(), RecordAction.Export);
        var clear = Math.Min(level ?? int.MaxValue, viewer.Fields.Clear);
        return viewer with
        {
            Fields = new FieldAccess(clear, Math.Min(clear, viewer.Fields.Reveal)),
            Own = [.. book.Seen(CustomerFields.Kind, access).Where(field => field.Level <= clear)],
            Facts = facts.Of(CustomerPermissions.Records.Name),
        };
    }

    /// <summary>The same for what is the firm's own affair.</summary>
    /// <exception cref="RuleException"><c>access.record.refused</c>.</exception>
    public Viewer Internal(UserAccess access, int? level) => Of(access, level) is { SeesInternal: true } viewer ? viewer : throw new RuleException("access.record.refused");

    public static QueryCollection Query(ExportOf of) => new(QueryHelpers.ParseQuery(of.Query));
}

/// <summary>The list of customers: the same rows, order and columns as seen.</summary>
internal sealed class ExportedCustomers(CustomerList list, ExportViewer viewers) : IExported
{
    public const string Name = "customers";

    public string Kind => Name;

    public string PurposeField => "purpose";

    public bool IsWorkbook => true;

    public string Href(string query) => "/customers" + (query.Length > 0 ? "?" + query : "");

    public async Task<ExportOf> Asked(HttpContext http, IQueryCollection query, CancellationToken ct)
    {
        var asked = await AskedList.Read(http, query, ct);
        return new(Kind, IExported.Written(asked.Query.Where(pair => pair.Key != PurposeField)), [.. CustomerListColumns.Chosen(http, Viewer.Of(http, RecordAction.Export), asked.Query).Select(column => column.Key)]);
    }

    public Task<ExportedTable> Open(ExportOf of, UserAccess access, int? level, Texts texts, CancellationToken ct)
    {
        var viewer = viewers.Of(access, level);
        var query = CustomerQuery.Read(ExportViewer.Query(of), viewer);
        var all = CustomerListColumns.For(viewer);
        List<ListColumn<ListedCustomer>> columns = [.. of.Columns.Select(key => all.FirstOrDefault(column => column.Key == key)).OfType<ListColumn<ListedCustomer>>()];
        return Task.FromResult(new ExportedTable(texts["customers.list.title"], [new(texts["customers.field.name"], 24), .. columns.Select(column => new TableColumn(column.Title(texts)))], viewer.Fields.Clear,
            columns.Exists(column => viewer.SeesPersonal && (column.Key == "phone" || column.Own is { Level: >= CustomerLevels.Personal })), Rows)
        { Ids = ct => list.Ids(query, ct) });

        async IAsyncEnumerable<ExportedRow> Rows([EnumeratorCancellation] CancellationToken ct)
        {
            await foreach (var row in list.All(query, ct))
            {
                yield return new(row.Id, (table, words) =>
                {
                    table.Text(row.Name);
                    foreach (var column in columns) { column.WriteTo(table, row, words); }
                });
            }
        }
    }
}

/// <summary>The ledger of consents.</summary>
internal sealed class ExportedConsents(ConsentLedger ledger, ExportViewer viewers) : IExported
{
    public const string Name = "consents";

    private static readonly string[] Keys = ["customer", "purpose", "channel", "state", "version", "at", "way", "proof", "by"];

    public string Kind => Name;

    public string PurposeField => "for";

    public bool IsWorkbook => false;

    public string Href(string query) => ConsentLedgerEndpoints.Path + "?" + query;

    public Task<ExportedTable> Open(ExportOf of, UserAccess access, int? level, Texts texts, CancellationToken ct)
    {
        var (viewer, query) = (viewers.Internal(access, level), LedgerQuery.Read(ExportViewer.Query(of), null));
        return Task.FromResult(new ExportedTable(texts["privacy.ledger.title"], [.. Keys.Select(key => new TableColumn(texts["privacy.ledger." + key], 18))], viewer.Fields.Clear, false, Rows));

        async IAsyncEnumerable<ExportedRow> Rows([EnumeratorCancellation] CancellationToken ct)
        {
            await foreach (var line in ledger.Read(query, viewer, null, ct)) { yield return new(line.Fact.Id, (table, _) => Write(line, table, texts)); }
        }
    }

    private static void Write(LedgerLine line, TableWriter table, Texts texts)
    {
        foreach (var text in (string[])[line.Customer, line.Fact.Purpose.Name(texts), ConsentLedgerEndpoints.Told(texts, line.Fact.Channel), texts[line.Fact.Given ? "privacy.consent.given" : "privacy.consent.withdrawn"]]) { table.Text(text); }
        table.Number(line.Fact.TextVersion);
        table.At(line.Fact.At);
        foreach (var text in (string[])[ConsentLedgerEndpoints.Told(texts, line.Fact.Way), line.Fact.Proof, line.Fact.By]) { table.Text(text); }
    }
}

/// <summary>Who had the customers of a pool.</summary>
internal sealed class ExportedHands(Database database, HandList hands, ExportViewer viewers) : IExported
{
    public const string Name = "pool-history";

    private static readonly string[] Keys = ["at", "customer", "cause", "from", "to", "why", "by"];

    public string Kind => Name;

    public string PurposeField => "for";

    public bool IsWorkbook => false;

    public string Href(string query) => $"{PoolEndpoints.Of(Pool(QueryHelpers.ParseQuery(query)["pool"]))}/history?{query}";

    public Task<ExportOf> Asked(HttpContext http, IQueryCollection query, CancellationToken ct) =>
        Task.FromResult(new ExportOf(Kind, string.Join('&', ((string[])[$"pool={http.Request.RouteValues["pool"] ?? query["pool"].ToString()}", IExported.Written(query.Where(pair => pair.Key is not ("for" or "pool")))]).Where(part => part.Length > 0)), []));

    private static long Pool(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    public async Task<ExportedTable> Open(ExportOf of, UserAccess access, int? level, Texts texts, CancellationToken ct)
    {
        var (viewer, typed) = (viewers.Internal(access, level), ExportViewer.Query(of));
        await using var connection = await database.Open(ct);
        // Whether there is such a pool before what else is wrong.
        var pool = await Pools.Pool.Demand(connection, access, Pool(typed["pool"]), PoolRole.Member, ct);
        var query = HandQuery.Read(typed);
        return new(texts["pools.history.title"], [.. Keys.Select(key => new TableColumn(texts["pools.history." + key], 18))], viewer.Fields.Clear, false, Rows);

        async IAsyncEnumerable<ExportedRow> Rows([EnumeratorCancellation] CancellationToken ct)
        {
            await foreach (var hand in hands.Read(pool, query, (viewer, access.UserId), null, ct)) { yield return new(hand.Id, (table, _) => Write(hand, table, texts)); }
        }
    }

    private static void Write(Hand hand, TableWriter table, Texts texts)
    {
        table.At(hand.At);
        foreach (var text in (string[])[hand.Customer, texts["pools.cause." + CustomerFilter.Kebab(hand.Cause)], hand.From ?? hand.FromPool ?? "", hand.To ?? hand.ToPool ?? "", PoolWords.Told(texts, hand) + (hand.Reason.Length > 0 ? ": " + hand.Reason : ""), hand.By]) { table.Text(text); }
    }
}
