using System.Globalization;
using Huike.Customers.Find;
using Huike.Customers.PermissionStages;
using Huike.Platform.Conditions;
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

    /// <summary>More customers than this are not few.</summary>
    public const int MostFew = 1_000;

    /// <summary>Most hits of a search by words.</summary>
    public const int MostFound = 1_000;

    public const string Columns = "c.id, c.number, c.name, c.kind, c.phone, c.category, c.place, c.created_at, s.tier, s.stage, s.sales, s.contribution, s.documents, "
        + "s.first_at, s.last_at, s.active, s.lifetime, s.at_risk, c.custom, coalesce((select permitted.stage from customers_permission permitted where permitted.customer_id = c.id), 0)";

    private const int MostNotes = 100;

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
    /// <param name="where">The filter's conditions on facts; null: none.</param>
    public CustomerListSql(DatabaseKind kind, CustomerQuery query, TimeZoneInfo zone, (long Value, long Id)? cut, ConditionSql? where = null)
    {
        this.kind = kind;
        (filter, viewer) = (query.Filter, query.Viewer);
        if (!viewer.SeesAll)
        {
            parameters.AddRange(viewer.Parameters);
            onCustomer.Add(("", "", viewer.IsOwners ? CustomerSort.ByName : null));
        }
        if (Sound(filter.Q) is { } sound) { Add("sound", sound); }
        if (filter.Place is not null) { On(onCustomer, "coalesce(c.place, '')", "= @place", "place", filter.Place, CustomerSort.ByName); }
        if (filter.Category is not null) { On(onCustomer, "coalesce(c.category, '')", "= @category", "category", filter.Category, CustomerSort.ByName); }
        if (filter.Kind is { } customers) { On(onCustomer, "c.kind", "= @kind", "kind", customers, CustomerSort.ByName); }
        if (filter.Tag is { } tag) { On(onCustomer, $"(c.id in ({Tags.Tag.Carriers}))", "", "tag", Tags.Tag.Key(tag), null); }
        if (filter.Relationship is { } type) { On(onCustomer, "(c.id in (select customer_id from customers_relationship where type = @relationship))", "", "relationship", type, null); }
        if (filter.Tier is { } tier) { On(onStanding, "s.tier", "= @tier", "tier", tier, CustomerSort.ByContribution); }
        if (filter.Stage is { } stage) { On(onStanding, "s.stage", "= @stage", "stage", stage, CustomerSort.ByContribution); }
        OnStages(zone);
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
        if (where is not null) { OnFacts(where); }
    }

    /// <summary>The search bears typing errors: asked where it finds nothing without them.</summary>
    public bool WithErrors { get; init; }

    /// <summary>Most hits of each way of being meant.</summary>
    public int Most { get; init; } = MostFound;

    /// <summary>Not by notes, which somebody else looks through.</summary>
    public bool WithoutNotes { get; init; }

    /// <summary>The visitor sees few of all: a search on SQLite begins with those, which else would walk over all hits of a word to look at each one's owner.</summary>
    public bool IsFew { get; init; }

    /// <summary>How many the visitor sees, counted no further than one beyond what is few.</summary>
    public string CountSeen => $"select count(*) from (select 1 from customers_customer c where {viewer.Sql("c")} limit {MostFew + 1}) seen";

    /// <summary>Whether a search for this may bear typing errors.</summary>
    public static bool MayBearErrors(string q) => SearchQuery.Parse(q).WithErrors() is not null;

    /// <summary>Values for the statements' parameters; a cursor's come with it.</summary>
    public IReadOnlyList<(string Name, object? Value)> Parameters => parameters;

    /// <summary>How many meet the filter, counted no further than one beyond what is told.</summary>
    public string Count() => filter.Q.Length > 0
        ? $"with {Seen}hits as materialized ({Found()}) select count(*) from hits"
        : $"select count(*) from (select 1 {From(null)} limit {MostHits + 1}) h";

    /// <summary>Numbers of all of them; of a search as many as it keeps.</summary>
    public string Segment() => filter.Q.Length > 0 ? $"{(IsFew ? $"with {Seen[..^2]} " : "")}select id from ({Found()}) found" : $"select {(onCustomer.Count > 0 ? "c.id" : "s.customer_id as id")} {From(null)}";

    /// <summary>How many customers there are with at least one document or return: those among whom the biggest are.</summary>
    public const string CountOfBuyers = "select count(*) from customers_standing where documents > 0 or returns > 0";

    /// <summary>Value and id of the last one of the biggest.</summary>
    public static string Cut(CustomerSort by, long count) =>
        $"select {by.Name}, customer_id from customers_standing where documents > 0 or returns > 0 order by {by.Name} desc, customer_id desc limit 1 offset {(count - 1).ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The newest of some notes that the search finds, with whom they are about: customer, name or number, text. Null where nothing can be searched by.</summary>
    public string? Notes(int most)
    {
        var query = SearchQuery.Parse(filter.Q);
        return query.IsEmpty ? null : $"""
            {(IsFew ? "with " + Seen[..^2] : "")} select c.id, case when c.name <> '' then c.name else c.number end, n.body from ({Words(SearchRows.Notes, "n.id", "noted", query, MostNotes)}) h {OfHit("customers_note", "id", "n", "h.id")} {OfHit("customers_customer", "id", "c", "n.customer_id")}
            where n.id = h.id and c.id = n.customer_id order by n.at desc, n.id desc limit {most}
            """;
    }

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
        var count = filter.Q.Length > 0 ? ", (select count(*) from hits)" : "";
        var id = hits && (!byKeys || sort == CustomerSort.Relevance) ? "h.id" : sort.Id;
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
                return $"with {Seen}hits as materialized ({found}) select {Columns}, {keys}{count} from hits h {whole} {(behind is null ? "" : $"and {behind} ")}{order}";
            }
            if (sort == CustomerSort.Relevance)
            {
                // The rank stands with the hit: files are read for the page alone.
                return $"with {Seen}hits as materialized ({found}), page as materialized (select h.id, h.rank as k0 from hits h {(behind is null ? "" : $"where {behind} ")}{order}) "
                    + $"select {Columns}, p.k0{count} from page p {OfHit("customers_customer", "id", "c", "p.id")} {OfHit("customers_standing", "customer_id", "s", "p.id")} where c.id = p.id and s.customer_id = p.id order by p.k0{direction}, p.id{direction}";
            }
            // Of the hits only the table that orders them is looked at; the other one's rows are read for the page alone.
            var (table, name, other) = sort.ByStanding
                ? ("customers_standing", "s", $"{OfHit("customers_customer", "id", "c", "s.customer_id")} where c.id = s.customer_id")
                : ("customers_customer", "c", $"{OfHit("customers_standing", "customer_id", "s", "c.id")} where s.customer_id = c.id");
            var named = string.Join(", ", sort.Keys.Select((key, i) => $"{key.Sql} as k{i}"));
            var ordered = byKeys ? $"{table} {name} where {sort.Id} = any(array(select id from hits))" : $"hits h {OfHit(table, sort.ByStanding ? "customer_id" : "id", name, "h.id")} where {sort.Id} = h.id";
            return $"with {Seen}hits as materialized ({found}), page as materialized (select {name}.*, {named} from {ordered} {(behind is null ? "" : $"and {behind} ")}{order}) "
                + $"select {Columns}, {string.Join(", ", sort.Keys.Select((_, i) => $"{name}.k{i}"))}{count} from page {name} {other} order by {string.Join(", ", sort.Keys.Select((_, i) => $"{name}.k{i}{direction}"))}, {sort.Id}{direction}";
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

    /// <summary>The few customers whom the visitor sees, for the ways of a search.</summary>
    private string Seen => IsFew ? $"seen as materialized (select c.id from customers_customer c where {viewer.Sql("c")}), " : "";

    private string Customers => IsFew ? "seen cross join customers_customer c" : "customers_customer c";

    private void Add(string name, object? value) => parameters.Add((name, value));

    private void AddOnce(string name, object? value) { if (!parameters.Exists(parameter => parameter.Name == name)) { Add(name, value); } }

    private void On(List<(string, string, CustomerSort?)> tests, string column, string test, string name, object value, CustomerSort? serves)
    {
        tests.Add((column, test, serves));
        Add(name, value);
    }

    private void OnStages(TimeZoneInfo zone)
    {
        // Who was never reached has no row.
        if (filter.Permission is { } permission) { On(onCustomer, $"(c.id {(permission == PermissionStage.None ? "not in (select customer_id from customers_permission where stage <> @permission" : "in (select customer_id from customers_permission where stage = @permission")}))", "", "permission", permission, null); }
        if (filter.Step is { } step)
        {
            onCustomer.Add(($"(c.id in ({step.Customers}))", "", null));
            parameters.AddRange(step.Parameters(zone));
        }
        if (filter.Unknown is { } unknown) { onCustomer.Add(($"({unknown.Sql})", "", null)); }
    }

    private void OnFacts(ConditionSql where)
    {
        foreach (var (sql, tables) in where.Parts) { (tables is ["s"] ? onStanding : onCustomer).Add((sql, "", null)); }
        // What looks at both needs both.
        if (onStanding.Count == 0 && where.Parts.Any(part => part.Tables.Contains("s"))) { onStanding.Add(("(s.customer_id > 0)", "", null)); }
        parameters.AddRange(where.Parameters);
    }

    /// <summary>Looks among some customers alone, whether they still are such ones.</summary>
    public void Among(IReadOnlyList<long> ids)
    {
        onCustomer.Add((kind == DatabaseKind.Postgres ? "(c.id = any(string_to_array(@among, ',')::bigint[]))" : "(c.id in (select value from json_each('[' || @among || ']')))", "", null));
        Add("among", string.Join(',', ids));
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
        tests.Select(test => test.Column.Length == 0 ? IsFew ? "c.id = seen.id" : viewer.Sql("c", plain: walked is not null && test.Serves != walked && kind == DatabaseKind.Sqlite) : walked is null || kind == DatabaseKind.Postgres || test.Serves == walked || test.Column[0] == '(' ? $"{test.Column} {test.Test}" : $"+{test.Column} {test.Test}");

    /// <summary>The tables that the filter needs, and its conditions.</summary>
    private string From(CustomerSort? walked)
    {
        var tests = Tests(onCustomer, walked).Concat(Tests(onStanding, walked));
        var both = onCustomer.Count > 0 && onStanding.Count > 0;
        var tables = both ? "customers_customer c join customers_standing s on s.customer_id = c.id" : onCustomer.Count > 0 ? "customers_customer c" : "customers_standing s";
        return $"from {tables} where {string.Join(" and ", tests.DefaultIfEmpty("1 = 1"))}";
    }

    /// <summary>
    /// Ids that the search finds, each with the best way in which it is meant. Each way is capped by itself, inside; the ranks are given outside. Names, numbers and phones
    /// that begin as typed come from their own ranges, since the cap may cut them off among the words.
    /// </summary>
    private string Found()
    {
        var query = SearchQuery.Parse(filter.Q);
        var seen = viewer.SeesPersonal ? query : query.WithoutPersonal();
        // Asked for when nothing else was found: no other way needs to be gone again.
        if (WithErrors && seen.WithErrors() is { } near) { return Best([(Ranked(HitBy.Alike), Words(SearchRows.Customers, "t." + SearchRows.Customers.Key(kind), "near", near, Most))]); }
        var ways = new List<(string Rank, string Sql)> { (Ranked(HitBy.Name, "key"), Range("c.number", "number", filter.Q, 200, "c.number")) };
        if (!query.IsEmpty)
        {
            ways.Add((Ranked(query.Digits is null ? HitBy.Words : HitBy.Contact), Words(SearchRows.Customers, "t." + SearchRows.Customers.Key(kind), "words", seen, Most)));
            if (viewer.SeesInternal && !WithoutNotes) { ways.Add((Ranked(HitBy.Note), Words(SearchRows.Notes, "n.customer_id", "noted", query, 200))); }
            if (Sound(filter.Q) is { } sound)
            {
                // Those that are spelt so before those that only sound so.
                var spelt = $"case when lower(name) = @written then '{(int)HitBy.Name}' when key = @sound then '{(int)HitBy.Sound}' else '{(int)HitBy.SoundBegun}' end || key";
                AddOnce("written", filter.Q.ToLowerInvariant());
                ways.Add((spelt, Range("c.name_pinyin", "pinyin", sound, 200, "c.name_pinyin", "c.name")));
                ways.Add((spelt, Range("c.name_initials", "initials", sound, 200, "c.name_initials", "c.name")));
            }
            else { ways.Add((Ranked(HitBy.Name, "key"), Range("c.sort_key", "name", Pinyin.SortKey(filter.Q), 500, "c.sort_key"))); }
        }
        ways.AddRange(Contacts(query.Digits).Select(way => (Ranked(HitBy.Contact), way)));
        return Best(ways);
        static string Ranked(HitBy why, string? key = null) => $"'{(int)why}'{(key is null ? "" : " || " + key)}";
    }

    private string Best(IReadOnlyList<(string Rank, string Sql)> ways) =>
        $"select id, min(rank) as rank from ({string.Join(" union all ", ways.Select((way, i) => $"select id, ({way.Rank}){(kind == DatabaseKind.Postgres ? " collate \"C\"" : "")} as rank from ({way.Sql}) w{i}"))}) ways group by id";

    /// <summary>What letters may sound like; null where something else was typed.</summary>
    private static string? Sound(string typed) =>
        string.Concat(typed.Where(letter => letter is not (' ' or '\''))).ToLowerInvariant() is { Length: > 0 } letters && letters.All(char.IsAsciiLetter) ? letters : null;

    private IEnumerable<string> Contacts(string? typed)
    {
        if (typed is { } digits && viewer.SeesPersonal)
        {
            yield return Range("coalesce(c.phone, '')", "phone", digits, 200);
            yield return Range("coalesce(c.phone, '')", "mainland", "+86" + digits.TrimStart('0'), 200);
            yield return Range("c.phone_reversed", "tail", CustomerColumns.Reversed(digits)!, 200);
            yield return Range("p.value", "phone", digits, 200);
            yield return Range("p.value", "mainland", "+86" + digits.TrimStart('0'), 200);
            yield return Range("p.value_reversed", "tail", CustomerColumns.Reversed(digits)!, 200);
        }
        if (typed is { } known && !viewer.SeesPersonal)
        {
            foreach (var way in Masked(known)) { yield return way; }
        }
        if (filter.Q.Length < LeastWritten || !filter.Q.All(letter => letter is > ' ' and <= '~') || !filter.Q.Any(char.IsAsciiLetter)) { yield break; }
        foreach (var way in Written(filter.Q.ToLowerInvariant())) { yield return way; }
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
        AddOnce("written", text);
        yield return $"select * from (select c.id from customers_customer c where {email} = @written and {viewer.Sql("c")} limit 200) mails";
        yield return $"select * from (select c.id from customers_contact_point p cross join customers_customer c where p.value = @written and c.id = p.customer_id and {viewer.Sql("c")} limit 200) points";
    }

    /// <summary>
    /// By words. What has enough hits in the sample (<see cref="SearchTokens.Kept"/>) is not looked for elsewhere: gathering the hundred thousands of a common word would
    /// take longer than all the rest, and no more than some are kept of them anyway.
    /// </summary>
    private string Words(SearchRows rows, string id, string name, SearchQuery query, int most)
    {
        var few = kind == DatabaseKind.Postgres && !IsFew ? query.Selective() : null;
        AddOnce(name, kind == DatabaseKind.Postgres ? (few ?? query).ToTsQuery() : query.ToFts5());
        AddOnce(name + "Sample", kind == DatabaseKind.Postgres ? (few ?? query).ToTsQuery(inSample: true) : query.ToFts5(inSample: true));
        if (few is not null) { AddOnce(name + "Whole", query.ToTsQuery()); }
        var key = "t." + rows.Key(kind);
        var (notes, note) = rows == SearchRows.Notes ? (" cross join customers_note n", $"n.id = {key} and ") : ("", "");
        var (joined, tests) = Joined(notes.Length > 0 ? "n.customer_id" : id);
        if (IsFew)
        {
            // SQLite would gather a word that is begun anew with each look at a row: there it is gathered once, and sifted. PostgreSQL knows too little of how many hold a word: in this form it begins with the customers, and looks at all words.
            var (whose, its) = notes.Length > 0 ? ("select n.id from seen cross join customers_note n where n.customer_id = seen.id", "n.id") : ("select id from seen", "c.id");
            var found = kind == DatabaseKind.Sqlite ? $"{its} in (select {key} from {rows.Table} t where {rows.Match(kind, name)} and +{key} in ({whose}))" : $"{key} = {its} and case when {rows.Match(kind, name)} then true else false end";
            return $"select {(notes.Length > 0 ? id : its)} as id from {joined[" cross join ".Length..]}{notes}{(kind == DatabaseKind.Sqlite ? "" : $" cross join {rows.Table} t")} where {string.Join(" and ", notes.Length > 0 ? tests.Prepend("n.customer_id = c.id") : tests)} and {found} limit {most}";
        }
        // In this form no index is asked for the whole.
        var from = $"select {id} as id from {rows.Table} t{notes}{joined} where {note}{string.Join(" and ", tests)}{(few is null ? "" : $" and case when t.tokens @@ @{name}Whole::tsquery then true else false end")}";
        // SQLite begins a scan that a false condition outside would end; a limit of nothing it doesn't begin.
        var rest = kind == DatabaseKind.Postgres
            ? $"select id from ({from} and {rows.Match(kind, name)} limit {most}) whole where (select count(*) from {name}_sample) < {most}"
            : $"select id from ({from} and {rows.Match(kind, name)} limit (select case when count(*) < {most} then {most} else 0 end from {name}_sample)) whole";
        return $"with {name}_sample as materialized ({from} and {rows.Match(kind, name + "Sample")} limit {most}) select id from {name}_sample union all {rest}";
    }

    private string Range(string column, string name, string prefix, int most, string? key = null, string? also = null)
    {
        AddOnce(name, prefix);
        AddOnce(name + "End", prefix + Highest);
        var standing = onStanding.Count > 0 ? " cross join customers_standing s" : "";
        var tests = Tests(onCustomer, CustomerSort.Relevance).Concat(Tests(onStanding, CustomerSort.Relevance));
        var isPoint = column.StartsWith("p.", StringComparison.Ordinal);
        if (onStanding.Count > 0) { tests = tests.Prepend("s.customer_id = c.id"); }
        if (isPoint) { tests = tests.Prepend("c.id = p.customer_id"); }
        // Of few customers all are looked at; of many the index of the column is walked. SQLite has to be told not to.
        var unserved = kind == DatabaseKind.Sqlite ? "+" : "";
        var (tables, of) = (IsFew, isPoint) switch
        {
            (true, _) => (Customers + (isPoint ? " cross join customers_contact_point p" : ""), unserved + column),
            (false, true) => ("customers_contact_point p cross join " + Customers, column),
            _ => (Customers, column),
        };
        return $"select * from (select c.id{(key is null ? "" : $", {key} as key")}{(also is null ? "" : $", {also} as name")} from {tables}{standing} where {string.Join(" and ", tests.Prepend($"{of} >= @{name} and {of} < @{name}End"))} order by {column} limit {Math.Min(most, Most)}) {name}s";
    }

    private (string Tables, IEnumerable<string> Tests) Joined(string id)
    {
        var tables = (onCustomer.Count > 0 ? " cross join " + Customers : "") + (onStanding.Count > 0 ? " cross join customers_standing s" : "");
        var tests = Tests(onCustomer, CustomerSort.Relevance).Concat(Tests(onStanding, CustomerSort.Relevance)).ToList();
        if (onCustomer.Count > 0 && !IsFew) { tests.Add($"c.id = {id}"); }
        if (onStanding.Count > 0) { tests.Add($"s.customer_id = {(IsFew ? "c.id" : id)}"); }
        return (tables, tests.DefaultIfEmpty("1 = 1"));
    }
}
