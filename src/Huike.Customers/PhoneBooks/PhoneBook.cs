using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Huike.Customers.Contracts;
using Huike.Customers.PhoneCards;
using Huike.Customers.VCards;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;

namespace Huike.Customers.PhoneBooks;

/// <summary>A card of a book.</summary>
/// <param name="Row">Number of what we keep of it; 0: nothing yet.</param>
/// <param name="Name">Last part of its address.</param>
/// <param name="Uid">By which programs know it.</param>
/// <param name="Tag">Same for the same card; null: it is gone.</param>
/// <param name="Seq">Number of the change that made it what it is.</param>
/// <param name="ChangedAt">When that was.</param>
internal sealed record BookCard(long Row, string Name, string Uid, string? Tag, long Seq, DateTimeOffset ChangedAt)
{
    /// <summary>Of what it is; null where it is gone.</summary>
    public CardRecord? Record { get; init; }

    /// <summary>As a program wrote it last; null: none did.</summary>
    public VCard? Kept { get; init; }

    /// <summary>The record that the name stands for.</summary>
    public (CardKind, long, DateTimeOffset) Key { get; init; }

    /// <summary>Its text.</summary>
    /// <param name="version">3.0 or 4.0.</param>
    public string Text(string version) => WriteVCard.Run(WriteCard.Run(Record!, Uid, Kept, version));

    /// <summary>As it is now, under the tag of its text.</summary>
    public BookCard Tagged() => this with { Tag = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text(VCard.Three))))[..32] };
}

/// <summary>A book as one reads it.</summary>
/// <param name="Cards">Those that are in it.</param>
/// <param name="Gone">Those that were, for some months.</param>
/// <param name="Seq">Number of the last change.</param>
internal sealed record BookPage(IReadOnlyList<BookCard> Cards, IReadOnlyList<BookCard> Gone, long Seq);

/// <summary>手机通讯录: the customers whom somebody looks after, and their contacts, as an address book. What changed is found by comparing, so that nothing that touches a customer needs to know of phones.</summary>
internal sealed class PhoneBook(Database database, TimeProvider clock)
{
    /// <summary>More customers are not put into a book: no phone bears it.</summary>
    public const int Most = 5_000;

    /// <summary>So long is remembered what is gone.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(90);

    /// <summary>The book as it is now; what changed since it was read last gets the number of a change.</summary>
    public async Task<BookPage> Read(Viewer viewer, CancellationToken ct)
    {
        await using (var connection = await database.Open(ct))
        {
            var page = await Compare(connection, viewer, ct);
            if (page.Changed.Count == 0 && page.Gone.Count == 0) { return page.Whole; }
        }
        using var turn = await database.WriteTurn(ct);
        await using var writing = await database.Open(ct);
        await using var transaction = await writing.BeginTransactionAsync(ct);
        var seq = await Turn(writing, viewer.UserId, ct);
        var differs = await Compare(writing, viewer, ct);
        foreach (var card in differs.Changed) { await Write(writing, viewer.UserId, card, seq, ct); }
        foreach (var card in differs.Gone) { await Leave(writing, viewer.UserId, card, seq, ct); }
        await writing.Run("delete from customers_card where user_id = @user and tag is null and changed_at < @old", ct, ("user", viewer.UserId), ("old", clock.GetUtcNow() - Memory));
        var after = await Compare(writing, viewer, ct);
        await transaction.CommitAsync(ct);
        return after.Whole;
    }

    /// <summary>Holds the book until the transaction ends, and says the number of the change that comes. The first one is the time: a book that was forgotten and begun again goes on where no phone has been.</summary>
    public Task<long> Turn(DbConnection connection, long userId, CancellationToken ct) => connection.Number("""
        insert into customers_phone_book (user_id, seq) values (@user, @first) on conflict (user_id) do update set seq = customers_phone_book.seq + 1 returning seq
        """, ct, ("user", userId), ("first", clock.GetUtcNow().ToUnixTimeSeconds()));

    /// <summary>What stands under a name, as it is now; null: nothing ever did.</summary>
    public static async Task<BookCard?> Find(DbConnection connection, Viewer viewer, string name, CancellationToken ct)
    {
        var row = await connection.First($"select {Columns} from customers_card where user_id = @user and name = @name", Map, ct, ("user", viewer.UserId), ("name", name));
        if (row is null) { return null; }
        var (kind, id, madeAt) = row.Key;
        var record = await CardRecords.Find(connection, kind, id, viewer, ct);
        if (row.Tag is null || record is null || record.MadeAt != madeAt || !await IsIn(connection, viewer, record.CustomerId, ct)) { return row with { Tag = null }; }
        var kept = await connection.First("select body from customers_card_kept where user_id = @user and kind = @kind and record_id = @id and made_at = @made", text => text.GetString(0), ct, ("user", viewer.UserId), ("kind", kind), ("id", id), ("made", madeAt));
        return (row with { Record = record, Kept = Parsed(kept) }).Tagged();
    }

    /// <summary>Keeps a card as a program wrote it, under the name that the program chose.</summary>
    /// <param name="connection">Holds the transaction, and the book's turn.</param>
    /// <param name="userId">Whose book.</param>
    /// <param name="card">With its record as it is now.</param>
    /// <param name="seq">Number of the change.</param>
    /// <param name="ct">Ends the write.</param>
    public async Task<BookCard> Keep(DbConnection connection, long userId, BookCard card, long seq, CancellationToken ct)
    {
        var record = card.Record!;
        await connection.Run("""
            insert into customers_card_kept (user_id, customer_id, kind, record_id, made_at, body) values (@user, @customer, @kind, @id, @made, @body)
            on conflict (user_id, kind, record_id, made_at) do update set customer_id = @customer, body = @body
            """, ct, ("user", userId), ("customer", record.CustomerId), ("kind", record.Kind), ("id", record.Id), ("made", record.MadeAt), ("body", WriteVCard.Run(card.Kept!)));
        // Another name that the record had in this book is gone: there is one card of each.
        await connection.Run("update customers_card set tag = null, seq = @seq, changed_at = @now where user_id = @user and kind = @kind and record_id = @id and made_at = @made and name <> @name and tag is not null", ct,
            ("user", userId), ("kind", record.Kind), ("id", record.Id), ("made", record.MadeAt), ("name", card.Name), ("seq", seq), ("now", clock.GetUtcNow()));
        var tagged = card.Tagged();
        await Write(connection, userId, tagged, seq, ct);
        return tagged;
    }

    /// <summary>Forgets the book, and the cards as programs wrote them.</summary>
    public static async Task Forget(DbConnection connection, long userId, CancellationToken ct)
    {
        foreach (var table in (string[])["customers_card", "customers_card_kept", "customers_phone_book"]) { await connection.Run($"delete from {table} where user_id = @user", ct, ("user", userId)); }
    }

    private const string Columns = "id, name, kind, record_id, made_at, uid, tag, seq, changed_at";

    /// <summary>Whom a book holds: whom one looks after oneself and sees.</summary>
    private static string Which(Viewer viewer) => $"c.owner_id = @me and {viewer.Sql("c")}";

    private static async Task<bool> IsIn(DbConnection connection, Viewer viewer, long customerId, CancellationToken ct) =>
        await connection.Number($"select count(*) from customers_customer c where c.id = @customer and {Which(viewer)}", ct, [("customer", customerId), ("me", viewer.UserId), .. viewer.Parameters]) > 0;

    private static async Task<(IReadOnlyList<BookCard> Changed, IReadOnlyList<BookCard> Gone, BookPage Whole)> Compare(DbConnection connection, Viewer viewer, CancellationToken ct)
    {
        (string, object?) user = ("user", viewer.UserId);
        var which = $"c.id in (select c.id from customers_customer c where {Which(viewer)} order by c.id limit {Most})";
        var records = await CardRecords.Of(connection, which, [("me", viewer.UserId), .. viewer.Parameters], viewer, ct);
        var rows = await connection.Rows($"select {Columns} from customers_card where user_id = @user order by id", Map, ct, user);
        var kept = (await connection.Rows("select kind, record_id, made_at, body from customers_card_kept where user_id = @user", row => (Key: ((CardKind)row.GetInt16(0), row.GetInt64(1), row.At(2)), Body: row.GetString(3)), ct, user)).ToDictionary(one => one.Key, one => one.Body);
        var known = new Dictionary<(CardKind, long, DateTimeOffset), BookCard>();
        // Of several names of a record the one counts that is not gone, or else the last.
        foreach (var row in rows.OrderBy(row => row.Tag is not null)) { known[row.Key] = row; }
        var cards = records.ConvertAll(record => (known.GetValueOrDefault(record.Key) ?? new(0, Name(record), WriteCard.UidOf(record), null, 0, default) { Key = record.Key }) with { Record = record, Kept = Parsed(kept.GetValueOrDefault(record.Key)) });
        var tagged = cards.ConvertAll(card => card.Tagged());
        var there = records.Select(record => record.Key).ToHashSet();
        var seq = await connection.Number("select seq from customers_phone_book where user_id = @user", ct, user);
        var names = tagged.Select(card => card.Name).ToHashSet();
        return ([.. tagged.Zip(cards).Where(pair => pair.First.Tag != pair.Second.Tag).Select(pair => pair.First)], rows.FindAll(row => row.Tag is not null && !there.Contains(row.Key)), new(tagged, rows.FindAll(row => row.Tag is null && !names.Contains(row.Name)), seq));
    }

    private static string Name(CardRecord record) => string.Create(CultureInfo.InvariantCulture, $"{(record.Kind == CardKind.Customer ? 'c' : 'p')}{record.Id}-{record.MadeAt.UtcTicks / TimeSpan.TicksPerSecond % 1_000_000_007:x}.vcf");

    private static VCard? Parsed(string? body) => body is null ? null : ReadVCards.Run(body).Cards is [var card, ..] ? card : null;

    private async Task Write(DbConnection connection, long userId, BookCard card, long seq, CancellationToken ct)
    {
        var record = card.Record!;
        await connection.Run("""
            insert into customers_card (user_id, name, kind, record_id, made_at, uid, tag, seq, changed_at) values (@user, @name, @kind, @id, @made, @uid, @tag, @seq, @now)
            on conflict (user_id, name) do update set kind = @kind, record_id = @id, made_at = @made, uid = @uid, tag = @tag, seq = @seq, changed_at = @now
            """, ct, ("user", userId), ("name", card.Name), ("kind", record.Kind), ("id", record.Id), ("made", record.MadeAt), ("uid", card.Uid), ("tag", card.Tag), ("seq", seq), ("now", clock.GetUtcNow()));
    }

    /// <summary>What one doesn't see any more is not kept in his name.</summary>
    private async Task Leave(DbConnection connection, long userId, BookCard card, long seq, CancellationToken ct)
    {
        var (kind, id, madeAt) = card.Key;
        await connection.Run("update customers_card set tag = null, seq = @seq, changed_at = @now where id = @row", ct, ("row", card.Row), ("seq", seq), ("now", clock.GetUtcNow()));
        await connection.Run("delete from customers_card_kept where user_id = @user and kind = @kind and record_id = @id and made_at = @made", ct, ("user", userId), ("kind", kind), ("id", id), ("made", madeAt));
    }

    private static BookCard Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(5), row.TextOrNull(6), row.GetInt64(7), row.At(8)) { Key = ((CardKind)row.GetInt16(2), row.GetInt64(3), row.At(4)) };
}
