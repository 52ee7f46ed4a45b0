using System.Data.Common;
using Huike.Customers.Addresses;
using Huike.Customers.ContactPoints;
using Huike.Customers.People;
using Huike.Platform.Data;

namespace Huike.Customers.Merges;

/// <summary>What stands only in a file's own fields, phone, mail address, address and contact, becomes a row of its own before a merge, so that the one that gives way is not lost.</summary>
internal static class OwnParts
{
    private const string Points = "contactPoints";
    private const string Addresses = "addresses";
    private const string Posts = "posts";

    /// <summary>Makes the rows, and writes down which.</summary>
    public static async Task Keep(DbConnection connection, long merge, long customerId, (DateTimeOffset At, string By) when, CancellationToken ct)
    {
        (string, object?)[] of = [("id", customerId), ("yes", true), ("no", false), ("at", when.At), ("by", when.By)];
        foreach (var point in (await ContactPoint.Of(connection, customerId, ct)).Where(point => point.Id == 0))
        {
            await Made(Points, $"""
                insert into {ContactPoint.Table} (customer_id, kind, usage, value, value_reversed, raw, label, is_preferred, created_at, created_by, version)
                values (@id, @kind, @use, @value, @reversed, @raw, '', @yes, @at, @by, 1) returning id
                """, ("kind", point.Kind), ("use", point.Use), ("value", point.Value), ("reversed", point.Kind == ContactKind.Phone ? CustomerColumns.Reversed(point.Value) : null), ("raw", point.Raw));
        }
        foreach (var address in (await Address.Of(connection, customerId, ct)).Where(address => address.Id == 0))
        {
            await Made(Addresses, $"""
                insert into {Address.Table} (customer_id, usage, recipient, detail, text, is_preferred, created_at, created_by, version) values (@id, @use, '', @text, @text, @yes, @at, @by, 1) returning id
                """, ("use", address.Use), ("text", address.Text));
        }
        foreach (var contact in (await Contact.Of(connection, customerId, null, ct)).Where(contact => contact.Id == 0))
        {
            var person = await connection.Number("insert into customers_person (name, birth_leap, preferences, created_at, created_by) values (@name, @no, '', @at, @by) returning id", ct, [.. of, ("name", contact.Name)]);
            await Made(Posts, "insert into customers_post (customer_id, person_id, role, title, influence, is_main, created_at, created_by, version) values (@id, @person, @role, '', @influence, @yes, @at, @by, 1) returning id",
                ("person", person), ("role", contact.Role), ("influence", contact.Influence));
        }

        async Task Made(string name, string sql, params (string, object?)[] values) => await MoveRows.Keep(connection, merge, (name, await connection.Number(sql, ct, [.. of, .. values]), RowFate.Made), null, ct);
    }

    /// <summary>Takes away those of which nothing more was said since.</summary>
    public static async Task Forget(DbConnection connection, CustomerMerge merge, CancellationToken ct)
    {
        (string, object?)[] of = [("merge", merge.Id), ("survivor", merge.SurvivorId), ("absorbed", merge.AbsorbedId), ("at", merge.At)];
        await connection.Run($"delete from {ContactPoint.Table} where customer_id in (@survivor, @absorbed) and label = '' and created_at <= @at and id in ({Rows(Points)})", ct, of);
        await connection.Run($"delete from {Address.Table} where customer_id in (@survivor, @absorbed) and recipient = '' and created_at <= @at and id in ({Rows(Addresses)})", ct, of);
        await connection.Run($"delete from customers_person where phone is null and email is null and wechat is null and id in (select person_id from customers_post where customer_id in (@survivor, @absorbed) and title = '' and created_at <= @at and id in ({Rows(Posts)}))", ct, of);
    }

    private static string Rows(string name) => $"select row_id from {CustomerMerge.Rows} where merge_id = @merge and name = '{name}' and what = 2";
}
