using System.Data.Common;
using Huike.Customers.Parts;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Fields;

namespace Huike.Customers.People;

/// <summary>Adds, changes and removes contacts. The name of the first one is the customer's own field, with all that follows from a change of it.</summary>
internal sealed class ChangePeople(WriteOnFile write, FieldBook fields) : IFileParts<PersonInput, PersonInput, PersonRecord>
{
    private const int Most = 200;

    public static string Unknown => "customers.person.unknown";

    public static async Task<IReadOnlyList<PersonRecord>> Of(DbConnection connection, long customerId, Viewer viewer, CancellationToken ct) => [.. (await Contact.Of(connection, customerId, viewer, ct)).Select(contact => PersonRecord.Of(contact.For(viewer)))];

    public Task<long> Add(FileWriter writer, PersonInput wanted, IReadOnlySet<string> given, CancellationToken ct) => Add(writer, wanted.On(new(0, 0, ""), given), FormKey.Read(FormKey.New()), ct);

    public Task<long> Change(FileWriter writer, long id, PersonInput wanted, IReadOnlySet<string> given, CancellationToken ct) => Change(writer, id, null, old => wanted.On(old, given), ct);

    private const string SetPerson = "name = @name, phone = @phone, phone_raw = @raw, email = @email, wechat = @wechat, birth_calendar = @calendar, birth_year = @year, birth_month = @month, birth_day = @day, birth_leap = @leap, preferences = @preferences";

    /// <summary>Adds one. Somebody of the same name and the same phone, mail address or WeChat id at another customer whom the writer sees is the same person.</summary>
    /// <returns>Number of the post; sent twice under one key, it makes one.</returns>
    /// <exception cref="RuleException"><c>access.record.refused</c>, <c>customers.person.twice</c>, <c>customers.person.many</c>; those of <see cref="WriteOnFile.Run"/>.</exception>
    public Task<long> Add(FileWriter writer, Contact wanted, FormKey key, CancellationToken ct) => Within(writer, async (file, all) =>
    {
        if (await file.Connection.Number("select id from customers_post where form_key = @key", ct, ("key", key.Value)) is > 0 and var earlier) { return earlier; }
        if (all.Count >= Most) { throw new RuleException("customers.person.many", Most); }
        var same = await Same(file, wanted, ct);
        if (all.Exists(known => known.Id > 0 && known.PersonId == same)) { throw new RuleException("customers.person.twice", wanted.Name); }
        var main = wanted.IsMain || all.Count == 0 || all.Exists(known => known.Id == 0 && known.Name == wanted.Name);
        var person = same > 0 ? await Completed(file, same, wanted, ct) : await file.Connection.Number("""
            insert into customers_person (name, phone, phone_raw, email, wechat, birth_calendar, birth_year, birth_month, birth_day, birth_leap, preferences, created_at, created_by)
            values (@name, @phone, @raw, @email, @wechat, @calendar, @year, @month, @day, @leap, @preferences, @at, @by) returning id
            """, ct, [.. Values(wanted), ("at", file.Now), ("by", writer.By)]);
        var id = await file.Connection.Number("""
            insert into customers_post (customer_id, person_id, role, title, influence, is_main, created_at, created_by, version, form_key) values (@customer, @person, @role, @title, @influence, @no, @at, @by, 1, @key) returning id
            """, ct, ("customer", file.CustomerId), ("person", person), ("role", wanted.Role), ("title", wanted.Title), ("influence", wanted.Influence), ("no", false), ("at", file.Now), ("by", writer.By), ("key", key.Value));
        Tell(file, null, wanted, [file.CustomerId]);
        if (main) { await Prefer(file, file.CustomerId, id, ct); }
        await CustomerColumns.WriteTokens(file.Connection, file.CustomerId, fields.Of(CustomerFields.Kind.Name), ct);
        return id;
    }, ct);

    /// <summary>Changes one; what is said of the person holds at all his posts.</summary>
    /// <param name="writer">Who writes, and on whose file.</param>
    /// <param name="id">Number of the post.</param>
    /// <param name="version">As it was shown; null: whichever.</param>
    /// <param name="rewrite">What it becomes.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>customers.person.unknown</c>, <c>customers.edit.stale</c>; those of adding.</exception>
    public Task<long> Change(FileWriter writer, long id, int? version, Func<Contact, Contact> rewrite, CancellationToken ct) => Within(writer, async (file, all) =>
    {
        var old = Find(all, id);
        if (version is { } shown && shown != old.Version) { throw new RuleException("customers.edit.stale"); }
        var now = rewrite(old) with { Id = id, PersonId = old.PersonId, Version = old.Version };
        var at = await file.Connection.Rows("select customer_id, id, is_main from customers_post where person_id = @person order by customer_id", row => (Customer: row.GetInt64(0), Post: row.GetInt64(1), Main: row.GetBoolean(2)), ct, ("person", old.PersonId));
        await file.Connection.Run($"update customers_person set {SetPerson} where id = @person", ct, [.. Values(now), ("person", old.PersonId)]);
        await file.Connection.Run("update customers_post set role = @role, title = @title, influence = @influence where id = @id", ct, ("role", now.Role), ("title", now.Title), ("influence", now.Influence), ("id", id));
        await file.Connection.Run("update customers_post set version = version + 1 where person_id = @person", ct, ("person", old.PersonId));
        Tell(file, old, now, at.ConvertAll(one => one.Customer));
        foreach (var (customer, post, main) in at)
        {
            if (main || (post == id && now.IsMain)) { await Prefer(file, customer, post, ct); }
            await CustomerColumns.WriteTokens(file.Connection, customer, fields.Of(CustomerFields.Kind.Name), ct);
        }
        return id;
    }, ct);

    /// <summary>Removes one; a person without a post goes with it. Where it was the first one, the next takes its place.</summary>
    /// <exception cref="RuleException"><c>customers.person.unknown</c>; those of adding.</exception>
    public Task<long> Remove(FileWriter writer, long id, CancellationToken ct) => Within(writer, async (file, all) =>
    {
        var old = Find(all, id);
        await file.Connection.Run("delete from customers_post where id = @id", ct, ("id", id));
        await file.Connection.Run("delete from customers_person where id = @person and not exists (select 1 from customers_post where person_id = @person)", ct, ("person", old.PersonId));
        Tell(file, old, null, [file.CustomerId]);
        if (old.IsMain) { await Prefer(file, file.CustomerId, all.Find(one => one.Id > 0 && one.Id != id)?.Id, ct); }
        await CustomerColumns.WriteTokens(file.Connection, file.CustomerId, fields.Of(CustomerFields.Kind.Name), ct);
        return id;
    }, ct);

    /// <summary>After the customer's own field was written: the contact of that name is the first one; where none is, there is no first one but the name.</summary>
    public static async Task Follow(DbConnection connection, long customerId, string? name, CancellationToken ct)
    {
        (string, object?)[] now = [("id", customerId), ("name", name ?? ""), ("yes", true), ("no", false)];
        await connection.Run("update customers_post set is_main = @no, version = version + 1 where customer_id = @id and is_main and not exists (select 1 from customers_person p where p.id = person_id and p.name = @name)", ct, now);
        await connection.Run("""
            update customers_post set is_main = @yes, version = version + 1 where id = (select min(t.id) from customers_post t join customers_person p on p.id = t.person_id where t.customer_id = @id and p.name = @name)
            and not exists (select 1 from customers_post main where main.customer_id = @id and main.is_main)
            """, ct, now);
    }

    private static Contact Find(List<Contact> all, long id) => all.Find(one => one.Id == id && id > 0) ?? throw new RuleException(Unknown);

    private Task<long> Within(FileWriter writer, Func<FileTurn, List<Contact>, Task<long>> work, CancellationToken ct)
    {
        // Who sees numbers masked would learn by trying which ones there are.
        if (!writer.Viewer.SeesPersonal) { throw new RuleException("access.record.refused"); }
        return write.Run(writer, async file => await work(file, await Contact.Of(file.Connection, file.CustomerId, null, ct)), ct);
    }

    /// <summary>Number of the same person at a customer whom the writer sees; 0: none.</summary>
    private static Task<long> Same(FileTurn file, Contact wanted, CancellationToken ct) => file.Connection.Number($"""
        select coalesce(min(p.id), 0) from customers_person p join customers_post t on t.person_id = p.id join customers_customer c on c.id = t.customer_id
        where p.name = @name and (p.phone = @phone or p.email = @email or p.wechat = @wechat) and {file.Writer.Viewer.Sql("c")}
        """, ct, [("name", wanted.Name), ("phone", wanted.Phone ?? ""), ("email", wanted.Email ?? ""), ("wechat", wanted.WeChat ?? ""), .. file.Writer.Viewer.Parameters]);

    /// <summary>What was not known of the person yet is learnt; the rest stays.</summary>
    private static async Task<long> Completed(FileTurn file, long person, Contact wanted, CancellationToken ct)
    {
        await file.Connection.Run("""
            update customers_person set phone_raw = case when phone is null then @raw else phone_raw end, phone = coalesce(phone, @phone), email = coalesce(email, @email), wechat = coalesce(wechat, @wechat),
                preferences = case when preferences = '' then @preferences else preferences end where id = @person
            """, ct, [.. Values(wanted), ("person", person)]);
        return person;
    }

    /// <summary>Makes one the first, and his name the customer's own field; null: there is none.</summary>
    private static async Task Prefer(FileTurn file, long customer, long? post, CancellationToken ct)
    {
        await file.Connection.Run("update customers_post set is_main = @no, version = version + 1 where customer_id = @customer and is_main and id <> @post", ct, ("no", false), ("customer", customer), ("post", post ?? 0));
        await file.Connection.Run("update customers_post set is_main = @yes where id = @post", ct, ("yes", true), ("post", post ?? 0));
        var old = await file.Connection.First("select contact from customers_customer where id = @customer", row => row.TextOrNull(0), ct, ("customer", customer));
        var now = post is { } id ? await file.Connection.First("select p.name from customers_post t join customers_person p on p.id = t.person_id where t.id = @id", row => row.GetString(0), ct, ("id", id)) : null;
        await file.Connection.Run("update customers_customer set contact = @name where id = @customer", ct, ("name", now), ("customer", customer));
        file.Tell(customer, "contact", old, now);
    }

    /// <summary>Each value with the name of whom it is told of; what is said of the person at all his posts.</summary>
    private static void Tell(FileTurn file, Contact? old, Contact? now, IEnumerable<long> customers)
    {
        var name = (now ?? old)!.Name;
        var pairs = (old?.Told ?? now!.Told.Select(one => (one.Field, (string?)null))).Zip(now?.Told ?? old!.Told.Select(one => (one.Field, (string?)null)), (was, then) => (was.Item1, Old: was.Item2, New: then.Item2)).ToList();
        foreach (var customer in customers)
        {
            foreach (var (field, was, then) in pairs.Where(pair => (pair.Old ?? "") != (pair.New ?? "") && (customer == file.CustomerId || pair.Item1 is not ("personRole" or "personTitle" or "personInfluence"))))
            {
                file.Tell(customer, field, Of(was), Of(then));

                string? Of(string? value) => value is not { Length: > 0 } || field == Contact.Field ? value : $"{name}: {value}";
            }
        }
    }

    private static (string, object?)[] Values(Contact contact) =>
    [
        ("name", contact.Name), ("phone", contact.Phone), ("raw", contact.PhoneRaw), ("email", contact.Email), ("wechat", contact.WeChat), ("calendar", contact.Birthday?.Calendar),
        ("year", (short?)contact.Birthday?.Year), ("month", (short?)contact.Birthday?.Month), ("day", (short?)contact.Birthday?.Day), ("leap", contact.Birthday?.Leap ?? false), ("preferences", contact.Preferences),
    ];
}
