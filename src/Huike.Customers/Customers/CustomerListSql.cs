using System.Globalization;
using Huike.Platform.Data;
using Huike.Platform.Search;
using Huike.Platform.Settings;

namespace Huike.Customers;

/// <summary>
/// The statements behind a list of customers, the same text on both databases but for the search. A list is either walked along the index of its order
/// (everything, or filters that many meet), or made of its hits, which are found first and ordered then (searches, filters that few meet).
/// </summary>
internal sealed class CustomerListSql
{
    /// <summary>More hits than this are not counted, and not ordered by themselves.</summary>
    public const int MostHits = 10_000;

    /// <summary>Most hits of a search by words.</summary>
    public const int MostFound = 1_000;

    public const string Columns = "c.id, c.number, c.name, c.kind, c.phone, c.category, c.place, c.created_at, s.tier, s.stage, s.sales, s.contribution, s.documents, "
        + "s.first_at, s.last_at, s.active, s.lifetime, s.at_risk, c.custom";

    /// <summary>What is shorter is not looked for among mail addresses.</summary>
    private const int LeastWritten = 3;

    private const string Highest = "\U0010FFFF";

    private readonly DatabaseKind kind;
    private readonly CustomerFilter filter;
    private readonly Viewer viewer;
    private readonly List<(string Name, object? Value)> parameters = [];
    private readonly List<(string Column, string Test, CustomerSort? Serves)> onCustomer = [];
    private readonly List<(string Column, string Test, CustomerSort? Serves)> onStanding = [];

    /// <param name="kind">Which database.</param>
    /// <param name="query">Conditions, and who asks.</param>
    /// <param name="zone">The firm's zone, for months.</param>
    /// <param name="cut">The last one of the biggest, where the filter asks for them; null where there is none at all.</param>
    public CustomerListSql(DatabaseKind kind, CustomerQuery query, TimeZoneInfo zone, (long Value, long Id)? cut)
    {
        this.kind = kind;
        (filter, viewer) = (query.Filter, query.Viewer);
        if (!viewer.SeesAll)
        {
            parameters.AddRange(viewer.Parameters);
            onCustomer.Add(("", "", viewer.IsOwners ? CustomerSort.ByName : null));
        }
        if (filter.Q.Length > 0) { Add("q", filter.Q); }
        if (filter.Place is not null) { On(onCustomer, "coalesce(c.place, '')", "= @place", "place", filter.Place, CustomerSort.ByName); }
        if (filter.Category is not null) { On(onCustomer, "coalesce(c.category, '')", "= @category", "category", filter.Category, CustomerSort.ByName); }
        if (filter.Kind is { } customers) { On(onCustomer, "c.kind", "= @kind", "kind", customers, CustomerSort.ByName); }
        if (filter.Tag is { } tag) { On(onCustomer, $"(c.id in ({Tags.Tag.Carriers}))", "", "tag", Tags.Tag.Key(tag), null); }
        if (filter.Tier is { } tier) { On(onStanding, "s.tier", "= @tier", "tier", tier, CustomerSort.ByContribution); }
        if (filter.Stage is { } stage) { On(onStanding, "s.stage", "= @stage", "stage", stage, CustomerSort.ByContribution); }
        if (filter.NegativeContribution) { onStanding.Add(("s.contribution", "< 0", CustomerSort.ByContribution)); }
        if (filter.Rfm is { } rfm)
        {
            On(onStanding, "s.recency", "= @recency", "recency", rfm.Recency, CustomerSort.ByContribution);
            On(onStanding, "s.frequency", "= @frequency", "frequency", rfm.Frequency, CustomerSort.ByContribution);
        }
        if (filter.Cohort is { } month)
        {
            On(onStanding, "s.first_at", ">= @from", "from", LocalDay.Begin(month, zone), null);
            On(onStanding, "s.first_at", "< @to", "to", LocalDay.Begin(month.AddMonths(1), zone), null);
            onStanding.Add(("s.purchases", "> 0", null));
        }
        foreach (var own in filter.Own.All)
        {
            foreach (var (test, name, value) in own.Tests()) { On(onCustomer, own.Field.Sql("c"), test, name, value, query.Sort.Name == own.Field.Column ? query.Sort : null); }
        }
        if (filter.Top is { } top) { OnTop(top.By, cut); }
    }

    /// <summary>Values for the statements' parameters; a cursor's come with it.</summary>
    public IReadOnlyList<(string Name, object? Value)> Parameters => parameters;

    /// <summary>How many meet the filter, counted no further than one beyond what is told.</summary>
    public string Count() => filter.Q.Length > 0
        ? $"with hits as materialized ({Found()}) select count(*) from hits"
        : $"select count(*) from (select 1 {From(null)} limit {MostHits + 1}) h";

    /// <summary>How many customers there are with at least one document or return: those among whom the biggest are.</summary>
    public const string CountOfBuyers = "select count(*) from customers_standing where documents > 0 or returns > 0";

    /// <summary>Value and id of the last one of the biggest.</summary>
    public static string Cut(CustomerSort by, long count) =>
        $"select {by.Name}, customer_id from customers_standing where documents > 0 or returns > 0 order by {by.Name} desc, customer_id desc limit 1 offset {(count - 1).ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Rows in order.</summary>
    /// <param name="sort">The order.</param>
    /// <param name="descending">Its direction.</param>
    /// <param name="hits">Finds the hits first and orders them; otherwise walks along the order's index.</param>
    /// <param name="from">Begins behind this row.</param>
    /// <param name="limit">At most so many; null for all.</param>
    public string Rows(CustomerSort sort, bool descending, bool hits, ListCursor? from, int? limit)
    {
        // PostgreSQL goes by the keys of the hits at once where a page is asked for; elsewhere hits are a table of their own.
        var byKeys = hits && limit is not null && kind == DatabaseKind.Postgres;
        var id = hits && !byKeys ? "h.id" : sort.Id;
        var keys = string.Join(", ", sort.Keys.Select(key => key.Sql));
        var behind = from is null ? null : $"({keys}, {id}) {(descending ? "<" : ">")} ({string.Join(", ", from.Values.Select((_, i) => $"@at{i}"))})";
        var direction = descending ? " desc" : "";
        var order = $"order by {string.Join(", ", sort.Keys.Select(key => key.Sql + direction))}, {id}{direction}{(limit is null ? "" : $" limit {limit}")}";
        if (hits)
        {
            var found = filter.Q.Length > 0 ? Found() : $"select {(onCustomer.Count > 0 ? "c.id" : "s.customer_id as id")} {From(null)} limit {MostHits + 1}";
            if (limit is null)
            {
                var whole = $"{OfHit("customers_customer", "id", "c", "h.id")} {OfHit("customers_standing", "customer_id", "s", "h.id")} where c.id = h.id and s.customer_id = h.id";
                return $"with hits as materialized ({found}) select {Columns}, {keys} from hits h {whole} {(behind is null ? "" : $"and {behind} ")}{order}";
            }
            // Of the hits only the table that orders them is looked at; the other one's rows are read for the page alone.
            var (table, name, other) = sort.ByStanding
                ? ("customers_standing", "s", $"{OfHit("customers_customer", "id", "c", "s.customer_id")} where c.id = s.customer_id")
                : ("customers_customer", "c", $"{OfHit("customers_standing", "customer_id", "s", "c.id")} where s.customer_id = c.id");
            var named = string.Join(", ", sort.Keys.Select((key, i) => $"{key.Sql} as k{i}"));
            var ordered = byKeys ? $"{table} {name} where {sort.Id} = any(array({found}))" : $"hits h cross join {table} {name} where {sort.Id} = h.id";
            return $"with {(byKeys ? "" : $"hits as materialized ({found}), ")}page as materialized (select {name}.*, {named} from {ordered} {(behind is null ? "" : $"and {behind} ")}{order}) "
                + $"select {Columns}, {string.Join(", ", sort.Keys.Select((_, i) => $"{name}.k{i}"))} from page {name} {other} order by {string.Join(", ", sort.Keys.Select((_, i) => $"{name}.k{i}{direction}"))}, {sort.Id}{direction}";
        }
        var tables = sort.ByStanding ? "customers_standing s cross join customers_customer c" : "customers_customer c cross join customers_standing s";
        var tests = Tests(onCustomer, sort).Concat(Tests(onStanding, sort)).Prepend("c.id = s.customer_id");
        return $"select {Columns}, {keys} from {tables} where {string.Join(" and ", behind is null ? tests : tests.Append(behind))} {order}";
    }

    /// <summary>Whether a walk along the order meets nothing but hits: the one condition is the beginning of the order's own index.</summary>
    public bool IsServed(CustomerSort sort) => filter.Pairs().Count() + (viewer.SeesAll ? 0 : 1) == 1 && onCustomer.Concat(onStanding).All(test => test.Serves == sort);

    /// <summary>The hit's row of a table, by its key: PostgreSQL would read the whole table for some thousands of hits, and that costs ten times as much.</summary>
    private string OfHit(string table, string key, string name, string of) => kind == DatabaseKind.Postgres
        ? $"cross join lateral (select * from {table} known where known.{key} = {of} limit 1) {name}" : $"cross join {table} {name}";

    private void Add(string name, object? value) => parameters.Add((name, value));

    private void On(List<(string, string, CustomerSort?)> tests, string column, string test, string name, object value, CustomerSort? serves)
    {
        tests.Add((column, test, serves));
        Add(name, value);
    }

    private void OnTop(CustomerSort by, (long Value, long Id)? cut)
    {
        if (cut is not { } last)
        {
            onStanding.Add(("1", "= 0", null));
            return;
        }
        onStanding.Add(("(s.documents > 0 or s.returns > 0)", "", null));
        onStanding.Add(($"(s.{by.Name}, s.customer_id)", ">= (@cut, @cutId)", by));
        Add("cut", last.Value);
        Add("cutId", last.Id);
    }

    /// <summary>
    /// The conditions, for hits in a form that every index serves; for a walk along an order only those that the order's own index can help with: SQLite would
    /// take any index for an equality, and sort what it finds.
    /// </summary>
    private IEnumerable<string> Tests(List<(string Column, string Test, CustomerSort? Serves)> tests, CustomerSort? walked) =>
        tests.Select(test => test.Column.Length == 0 ? viewer.Sql("c", plain: walked is not null && test.Serves != walked && kind == DatabaseKind.Sqlite) : walked is null || kind == DatabaseKind.Postgres || test.Serves == walked || test.Column[0] == '(' ? $"{test.Column} {test.Test}" : $"+{test.Column} {test.Test}");

    /// <summary>The tables that the filter needs, and its conditions.</summary>
    private string From(CustomerSort? walked)
    {
        var tests = Tests(onCustomer, walked).Concat(Tests(onStanding, walked));
        var both = onCustomer.Count > 0 && onStanding.Count > 0;
        var tables = both ? "customers_customer c join customers_standing s on s.customer_id = c.id" : onCustomer.Count > 0 ? "customers_customer c" : "customers_standing s";
        return $"from {tables} where {string.Join(" and ", tests.DefaultIfEmpty("1 = 1"))}";
    }

    /// <summary>
    /// Ids that the search finds. Each way of being meant is capped by itself, inside; the ranks are given outside. Names, numbers and phones that begin as
    /// typed come from their own ranges, since the cap may cut them off among the words.
    /// </summary>
    private string Found()
    {
        var query = SearchQuery.Parse(filter.Q);
        var ways = new List<string> { Range("c.number", "number", filter.Q, 200) };
        if (!query.IsEmpty)
        {
            // Words and phones lie in one index: where phones are masked, digits are looked for elsewhere.
            if (viewer.SeesPersonal || !filter.Q.Any(char.IsDigit)) { ways.Add(Words(query)); }
            ways.Add(Range("c.sort_key", "name", Pinyin.SortKey(filter.Q), 500));
        }
        if (query.Digits is { } digits && viewer.SeesPersonal)
        {
            ways.Add(Range("coalesce(c.phone, '')", "phone", digits, 200));
            ways.Add(Range("coalesce(c.phone, '')", "mainland", "+86" + digits.TrimStart('0'), 200));
            ways.Add(Range("c.phone_reversed", "tail", CustomerColumns.Reversed(digits)!, 200));
            ways.Add(Range("p.value", "phone", digits, 200));
            ways.Add(Range("p.value", "mainland", "+86" + digits.TrimStart('0'), 200));
            ways.Add(Range("p.value_reversed", "tail", CustomerColumns.Reversed(digits)!, 200));
        }
        if (query.Digits is { } known && !viewer.SeesPersonal) { ways.AddRange(Masked(known)); }
        if (filter.Q.Length >= LeastWritten && filter.Q.All(letter => letter is > ' ' and <= '~') && filter.Q.Any(char.IsAsciiLetter)) { ways.AddRange(Written(filter.Q.ToLowerInvariant())); }
        return string.Join(" union ", ways);
    }

    /// <summary>Where phones are masked, one is found by all its digits, or by the four that the mask shows: by parts of it the hidden ones could be guessed one by one.</summary>
    private IEnumerable<string> Masked(string digits)
    {
        if (digits.Length == 4)
        {
            yield return Range("c.phone_reversed", "tail", CustomerColumns.Reversed(digits)!, 200);
            yield return Range("p.value_reversed", "tail", CustomerColumns.Reversed(digits)!, 200);
        }
        if (digits.Length < 7) { yield break; }
        if (!parameters.Exists(parameter => parameter.Name == "phone"))
        {
            Add("phone", digits);
            Add("mainland", "+86" + digits.TrimStart('0'));
        }
        yield return $"select * from (select c.id from customers_customer c where coalesce(c.phone, '') in (@phone, @mainland) and {viewer.Sql("c")} limit 200) phones";
        yield return $"select * from (select c.id from customers_contact_point p cross join customers_customer c where p.value in (@phone, @mainland) and c.id = p.customer_id and {viewer.Sql("c")} limit 200) points";
    }

    /// <summary>Mail addresses and WeChat ids that begin as typed; where they are masked, only whole ones.</summary>
    private IEnumerable<string> Written(string text)
    {
        var email = kind == DatabaseKind.Postgres ? "lower(c.email) collate \"C\"" : "lower(c.email)";
        if (viewer.SeesPersonal)
        {
            yield return Range(email, "written", text, 200);
            yield return Range("p.value", "written", text, 200);
            yield break;
        }
        if (!parameters.Exists(parameter => parameter.Name == "written")) { Add("written", text); }
        yield return $"select * from (select c.id from customers_customer c where {email} = @written and {viewer.Sql("c")} limit 200) mails";
        yield return $"select * from (select c.id from customers_contact_point p cross join customers_customer c where p.value = @written and c.id = p.customer_id and {viewer.Sql("c")} limit 200) points";
    }

    private string Words(SearchQuery query)
    {
        if (!parameters.Exists(parameter => parameter.Name == "words")) { Add("words", kind == DatabaseKind.Postgres ? query.ToTsQuery() : query.ToFts5()); }
        var (id, match) = kind == DatabaseKind.Postgres ? ("t.customer_id", "t.tokens @@ @words::tsquery") : ("t.rowid", "customers_search match @words");
        return $"select * from (select {id} as id from customers_search t{Joined(id)} and {match} limit {MostFound}) words";
    }

    private string Range(string column, string name, string prefix, int most)
    {
        if (!parameters.Exists(parameter => parameter.Name == name))
        {
            Add(name, prefix);
            Add(name + "End", prefix + Highest);
        }
        var standing = onStanding.Count > 0 ? " cross join customers_standing s" : "";
        var tests = Tests(onCustomer, CustomerSort.Relevance).Concat(Tests(onStanding, CustomerSort.Relevance));
        if (onStanding.Count > 0) { tests = tests.Prepend("s.customer_id = c.id"); }
        var points = column.StartsWith("p.", StringComparison.Ordinal) ? "customers_contact_point p cross join " : "";
        if (points.Length > 0) { tests = tests.Prepend("c.id = p.customer_id"); }
        return $"select * from (select c.id from {points}customers_customer c{standing} where {string.Join(" and ", tests.Prepend($"{column} >= @{name} and {column} < @{name}End"))} order by {column} limit {most}) {name}s";
    }

    private string Joined(string id)
    {
        var tables = (onCustomer.Count > 0 ? " cross join customers_customer c" : "") + (onStanding.Count > 0 ? " cross join customers_standing s" : "");
        var tests = Tests(onCustomer, CustomerSort.Relevance).Concat(Tests(onStanding, CustomerSort.Relevance)).ToList();
        if (onCustomer.Count > 0) { tests.Add($"c.id = {id}"); }
        if (onStanding.Count > 0) { tests.Add($"s.customer_id = {id}"); }
        return $"{tables} where {string.Join(" and ", tests.DefaultIfEmpty("1 = 1"))}";
    }
}
