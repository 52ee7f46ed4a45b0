using System.Data.Common;
using System.Globalization;
using Huike.Customers.Addresses;
using Huike.Customers.ContactPoints;
using Huike.Customers.Contracts;
using Huike.Customers.Find;
using Huike.Customers.People;
using Huike.Customers.Tags;
using Huike.Platform.Data;
using Huike.Platform.Fields;
using Huike.Platform.Search;

namespace Huike.Customers;

/// <summary>The customer table's columns as loads write them: names, values and reading in one order, and what is derived from them.</summary>
internal static class CustomerColumns
{
    public const string Names = "number, name, sort_key, kind, phone, phone_reversed, email, category, place, address, credit_code, contact, remark, created_at, load_id, version, custom, requirements, buying, name_pinyin, name_initials";

    private const string Read = "id, number, name, kind, phone, email, category, place, address, credit_code, contact, remark, created_at, coalesce(load_id, 0), custom, requirements, buying";

    /// <summary>More letters of a name's sound are not kept.</summary>
    private const int LongestSound = 60;

    /// <summary>Fields that a load or a person may change, by column; values as text.</summary>
    private static readonly (string Field, Func<NewCustomer, string?> Get, Func<NewCustomer, string?, NewCustomer> Set)[] Fields =
    [
        ("name", customer => customer.Name, (customer, value) => customer with { Name = value ?? "" }),
        ("kind", customer => ((int)customer.Kind).ToString(CultureInfo.InvariantCulture), (customer, value) => customer with { Kind = Enum.Parse<CustomerKind>(value ?? "0") }),
        ("phone", customer => customer.Phone, (customer, value) => customer with { Phone = value }),
        ("email", customer => customer.Email, (customer, value) => customer with { Email = value }),
        ("category", customer => customer.Category, (customer, value) => customer with { Category = value }),
        ("place", customer => customer.Place, (customer, value) => customer with { Place = value }),
        ("address", customer => customer.Address, (customer, value) => customer with { Address = value }),
        ("credit_code", customer => customer.CreditCode, (customer, value) => customer with { CreditCode = value }),
        ("contact", customer => customer.Contact, (customer, value) => customer with { Contact = value }),
        ("remark", customer => customer.Remark, (customer, value) => customer with { Remark = value }),
        ("requirements", customer => customer.Requirements, (customer, value) => customer with { Requirements = value }),
        ("buying", customer => customer.Buying, (customer, value) => customer with { Buying = value }),
    ];

    /// <summary>Names of those fields.</summary>
    public static IReadOnlyList<string> Editable { get; } = [.. Fields.Select(one => one.Field)];

    /// <summary>On SQLite: the next customer's id; one that was removed is never given again.</summary>
    public const string NextId = "select max(coalesce((select max(id) from customers_customer), 0), (select id from customers_id_floor)) + 1";

    /// <summary>Values in the order of <see cref="Names"/>; null for none, instants as <see cref="DateTimeOffset"/>.</summary>
    public static object?[] Values(NewCustomer customer) =>
    [
        customer.Number, customer.Name, SortKey(customer.Name, customer.Number), (short)customer.Kind, customer.Phone, Reversed(customer.Phone), customer.Email,
        customer.Category, customer.Place, customer.Address, customer.CreditCode, customer.Contact, customer.Remark, customer.CreatedAt, customer.LoadId, 1, customer.Custom.ToColumn(), customer.Requirements, customer.Buying,
        Sound(Pinyin.Full(customer.Name)), Sound(Pinyin.Initials(customer.Name)),
    ];

    /// <summary>Orders lists: by pinyin; a customer without a name goes by the number.</summary>
    public static string SortKey(string name, string number) => Pinyin.SortKey(name.Length > 0 ? name : number);

    /// <summary>Pinyin or initials as they are kept; null where there is no name.</summary>
    public static string? Sound(string sound) => sound.Length == 0 ? null : sound.Length <= LongestSound ? sound : sound[..LongestSound];

    /// <summary>A phone read from its end, so that a tail is a prefix.</summary>
    public static string? Reversed(string? phone) => phone is null ? null : string.Create(phone.Length, phone, (target, source) =>
    {
        source.CopyTo(target);
        target.Reverse();
    });

    /// <summary>The customers with these numbers or ids, as they are.</summary>
    /// <param name="connection">Holds the caller's transaction.</param>
    /// <param name="key">Column: <c>number</c> or <c>id</c>.</param>
    /// <param name="keys">At most some thousands.</param>
    /// <param name="ct">Ends the read.</param>
    public static async Task<List<(long Id, NewCustomer Customer)>> Find(DbConnection connection, string key, IReadOnlyList<object> keys, CancellationToken ct)
    {
        var found = new List<(long, NewCustomer)>();
        foreach (var some in keys.Chunk(500))
        {
            var names = string.Join(", ", some.Select((_, i) => $"@k{i}"));
            found.AddRange(await connection.Rows($"select {Read} from customers_customer where {key} in ({names})", Map, ct, [.. some.Select((value, i) => ($"k{i}", (object?)value))]));
        }
        return found;
    }

    /// <summary>What the newer one would change; a field that it doesn't have stays.</summary>
    public static List<(string Field, string? Old, string? New)> Changes(NewCustomer old, NewCustomer newer) =>
        [.. Both(old, newer).Where(change => change.New is { Length: > 0 } && change.New != change.Old && !(change.Field == "kind" && change.New == "0"))];

    /// <summary>What a person's form changes: here an empty field means that there is none.</summary>
    public static List<(string Field, string? Old, string? New)> Differences(NewCustomer old, NewCustomer newer) =>
        [.. Both(old, newer).Where(change => (change.Old ?? "") != (change.New ?? ""))];

    private static IEnumerable<(string Field, string? Old, string? New)> Both(NewCustomer old, NewCustomer newer) => Fields.Select(field => (field.Field, field.Get(old), field.Get(newer)))
        .Concat(old.Custom.Changes(newer.Custom));

    /// <summary>Whether it is one of a file's own fields; otherwise it tells of something that belongs to it.</summary>
    public static bool Holds(string name) => Own(name) is not null || Array.Exists(Fields, field => field.Field == name);

    /// <summary>A field's value as text.</summary>
    public static string? Value(NewCustomer customer, string name) => Own(name) is { } own ? customer.Custom[own] : Array.Find(Fields, field => field.Field == name).Get(customer);

    /// <summary>The customer with some fields set.</summary>
    public static NewCustomer With(NewCustomer customer, IEnumerable<(string Field, string? Value)> values) =>
        values.Aggregate(customer, (changed, value) => Own(value.Field) is { } own ? changed with { Custom = changed.Custom.With(own, value.Value) } : Array.Find(Fields, field => field.Field == value.Field).Set(changed, value.Value));

    /// <summary>Name of the firm's own field behind a column's name; null where it is one of ours.</summary>
    private static string? Own(string name) => name.StartsWith(CustomField.Prefix, StringComparison.Ordinal) ? name[CustomField.Prefix.Length..] : null;

    /// <summary>Writes the fields of a <see cref="NewCustomer.Completed"/> customer, and with them sort key, reversed phone and search entry.</summary>
    public static async Task Update(DbConnection connection, long id, NewCustomer customer, CancellationToken ct)
    {
        await FormerName.Keep(connection, id, customer.Name, ct);
        await connection.Run("""
            update customers_customer set name = @name, sort_key = @sort, kind = @kind, phone = @phone, phone_reversed = @reversed, email = @email, category = @category,
                place = @place, address = @address, credit_code = @credit, contact = @contact, remark = @remark, custom = @custom, requirements = @requirements, buying = @buying, name_pinyin = @pinyin, name_initials = @initials, version = version + 1 where id = @id
            """, ct, ("id", id), ("name", customer.Name), ("sort", SortKey(customer.Name, customer.Number)), ("kind", (short)customer.Kind), ("phone", customer.Phone),
            ("reversed", Reversed(customer.Phone)), ("email", customer.Email), ("category", customer.Category), ("place", customer.Place), ("address", customer.Address),
            ("credit", customer.CreditCode), ("contact", customer.Contact), ("remark", customer.Remark), ("custom", customer.Custom.ToColumn()), ("requirements", customer.Requirements), ("buying", customer.Buying),
            ("pinyin", Sound(Pinyin.Full(customer.Name))), ("initials", Sound(Pinyin.Initials(customer.Name))));
        await ContactPoint.Follow(connection, id, customer.Phone, customer.Email, ct);
        await Address.Follow(connection, id, customer.Address, ct);
        await ChangePeople.Follow(connection, id, customer.Contact, ct);
        await WriteTokens(connection, id, customer, ct);
    }

    /// <summary>Type of each column that nothing else follows, as PostgreSQL calls it.</summary>
    private static readonly Dictionary<string, string> Plain = new() { ["kind"] = "smallint", ["category"] = "text", ["place"] = "text", ["remark"] = "text", ["requirements"] = "text", ["buying"] = "text", ["custom"] = "json" };

    /// <summary>The same for many: in one statement, but for those of whom a name, a phone or an address changes, which other rows follow.</summary>
    /// <param name="connection">Holds the caller's transaction.</param>
    /// <param name="changed">Each as it was and as it is to be; some hundreds.</param>
    /// <param name="ct">Ends the write.</param>
    public static async Task Update(DbConnection connection, IReadOnlyCollection<(long Id, NewCustomer Old, NewCustomer New)> changed, CancellationToken ct)
    {
        var fields = changed.ToLookup(one => Differences(one.Old, one.New).TrueForAll(change => Plain.ContainsKey(ColumnOf(change.Field))));
        foreach (var (id, _, customer) in fields[false]) { await Update(connection, id, customer, ct); }
        var plain = fields[true].ToList();
        var columns = plain.SelectMany(one => Differences(one.Old, one.New)).Select(change => ColumnOf(change.Field)).Distinct().ToList();
        if (columns.Count == 0) { return; }
        var (sql, values) = ValueTable.Of(connection.Kind(), string.Join(", ", columns.Select(column => Plain[column]).Prepend("bigint")), plain.Select(one => (object?[])[one.Id, .. columns.Select(column => Stored(one.New, column))]));
        await connection.Run($"update customers_customer set {string.Join(", ", columns.Select((column, i) => $"{column} = column{i + 2}"))}, version = version + 1 from {sql} v where id = column1", ct, values);
        var found = plain.Where(one => !one.Old.Words.SequenceEqual(one.New.Words)).Select(one => one.Id).ToHashSet();
        var aliases = await Aliases.Of(connection, [.. found], ct);
        await SearchRows.Customers.Write(connection, [.. plain.Where(one => found.Contains(one.Id)).Select(one => (one.Id, one.New.Tokens(aliases.GetValueOrDefault(one.Id, Aliases.None))))], ct);

        static string ColumnOf(string field) => Own(field) is null ? field : "custom";

        static object? Stored(NewCustomer customer, string column) => column switch { "custom" => customer.Custom.ToColumn(), "kind" => (short)customer.Kind, _ => Value(customer, column) };
    }

    /// <summary>Writes anew what the search finds a customer by, after something of it changed beside the customer's own row.</summary>
    public static async Task WriteTokens(DbConnection connection, long id, IReadOnlyList<CustomField> fields, CancellationToken ct)
    {
        foreach (var (_, customer) in await Find(connection, "id", [id], ct)) { await WriteTokens(connection, id, customer.Completed(fields), ct); }
    }

    /// <summary>Replaces what the search finds a <see cref="NewCustomer.Completed"/> customer by.</summary>
    public static async Task WriteTokens(DbConnection connection, long id, NewCustomer customer, CancellationToken ct) =>
        await SearchRows.Customers.Write(connection, id, customer.Tokens((await Aliases.Of(connection, [id], ct)).GetValueOrDefault(id, Aliases.None)), ct);

    private static (long Id, NewCustomer Customer) Map(DbDataReader row) => (row.GetInt64(0), new(row.GetString(1))
    {
        Name = row.GetString(2),
        Kind = (CustomerKind)row.GetInt16(3),
        Phone = row.TextOrNull(4),
        Email = row.TextOrNull(5),
        Category = row.TextOrNull(6),
        Place = row.TextOrNull(7),
        Address = row.TextOrNull(8),
        CreditCode = row.TextOrNull(9),
        Contact = row.TextOrNull(10),
        Remark = row.TextOrNull(11),
        CreatedAt = row.At(12),
        LoadId = row.GetInt64(13),
        Custom = CustomValues.Parse(row.TextOrNull(14)),
        Requirements = row.TextOrNull(15),
        Buying = row.TextOrNull(16),
    });
}
