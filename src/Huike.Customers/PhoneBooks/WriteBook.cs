using System.Data.Common;
using System.Text;
using Huike.Customers.ContactPoints;
using Huike.Customers.PhoneCards;
using Huike.Customers.VCards;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Notifications;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.PhoneBooks;

/// <summary>Takes what a phone writes into the book: all of a card or nothing. What can't be taken the phone is told, and so is its owner.</summary>
internal sealed class WriteBook(PhoneBook book, TakeCard take, NoticeLog notices, Texts texts, Database database, TimeProvider clock)
{
    public const string NoticeKind = "cards.refused";

    private const int LongestName = 200;

    /// <summary>A card is made or changed.</summary>
    public Task Put(HttpContext http, string name, CancellationToken ct) => Told(http, async () =>
    {
        if (name.Length > LongestName || name.Any(char.IsControl)) { throw new RuleException("cards.refused.address"); }
        var body = Encoding.UTF8.GetString(await DavXml.Bytes(http.Request, DavTree.LongestCard, ct));
        var (cards, faults) = ReadVCards.Run(body);
        if (faults is [var fault, ..]) { throw new RuleException(fault.Code, [.. fault.Args]) { Members = new Dictionary<string, object> { ["line"] = fault.Line } }; }
        var card = cards is [var only] ? only : throw new RuleException("cards.refused.several");
        var facts = ReadCard.Run(card);
        await using var batch = await database.Begin(ct);
        await using var connection = await database.Open(ct);
        var viewer = Viewer.Of(http);
        var seq = await book.Turn(connection, viewer.UserId, ct);
        var there = await PhoneBook.Find(connection, viewer, name, ct);
        if (!Holds(http, there)) { return; }
        var uid = there?.Tag is not null ? there.Uid : card.Text("UID") ?? name;
        await DemandOwn(connection, viewer, (uid, name), ct);
        var (kind, id) = (CardKind.Customer, 0L);
        if (there is { Tag: not null, Record: { } record })
        {
            await take.Change(http, record, facts, ct);
            (kind, id) = (record.Kind, record.Id);
        }
        else { (kind, id) = await take.Add(http, facts, anyway: false, ct); }
        var now = await CardRecords.Find(connection, kind, id, viewer, ct) ?? throw new RuleException("customers.customer.unknown", id);
        var kept = await book.Keep(connection, viewer.UserId, new(0, name, uid, null, seq, clock.GetUtcNow()) { Record = now, Kept = Kept(card, now), Key = now.Key }, seq, ct);
        await connection.Run("update customers_phone_book set written_at = @now where user_id = @user", ct, ("now", clock.GetUtcNow()), ("user", viewer.UserId));
        await batch.Commit(ct);
        http.Response.StatusCode = there?.Tag is null ? StatusCodes.Status201Created : StatusCodes.Status204NoContent;
        // Only where it stands there byte by byte as it was sent: otherwise the phone has to fetch it.
        if (kept.Text(card.Version) == body) { http.Response.Headers.ETag = DavTree.TagOf(kept); }
    }, ct);

    /// <summary>A card is taken away.</summary>
    public Task Delete(HttpContext http, string name, CancellationToken ct) => Told(http, async () =>
    {
        await using var batch = await database.Begin(ct);
        await using var connection = await database.Open(ct);
        var viewer = Viewer.Of(http);
        await book.Turn(connection, viewer.UserId, ct);
        if (await PhoneBook.Find(connection, viewer, name, ct) is not { Tag: not null, Record: { } record } there)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if (!Holds(http, there)) { return; }
        await take.Remove(http, record, ct);
        await connection.Run("update customers_phone_book set written_at = @now where user_id = @user", ct, ("now", clock.GetUtcNow()), ("user", viewer.UserId));
        await batch.Commit(ct);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }, ct);

    /// <summary>Whether the card is still the one that the phone means; otherwise it is told so.</summary>
    private static bool Holds(HttpContext http, BookCard? there)
    {
        var (match, none) = (http.Request.Headers.IfMatch, http.Request.Headers.IfNoneMatch);
        var tag = there?.Tag is null ? null : DavTree.TagOf(there);
        var isStale = match.Count > 0 && (tag is null || (match != "*" && !match.Contains(tag)));
        var isThere = none.Count > 0 && tag is not null && (none == "*" || none.Contains(tag));
        if (isStale || isThere) { http.Response.StatusCode = StatusCodes.Status412PreconditionFailed; }
        // Whoever doesn't say which card he has seen would write over what others did.
        else if (tag is not null && match.Count == 0) { http.Response.StatusCode = StatusCodes.Status428PreconditionRequired; }
        else { return true; }
        return false;
    }

    private static async Task DemandOwn(DbConnection connection, Viewer viewer, (string Uid, string Name) card, CancellationToken ct)
    {
        if (await connection.Number("select count(*) from customers_card where user_id = @user and uid = @uid and name <> @name and tag is not null", ct, ("user", viewer.UserId), ("uid", card.Uid), ("name", card.Name)) > 0)
        {
            throw new RuleException("cards.refused.uid") { Status = StatusCodes.Status409Conflict };
        }
    }

    /// <summary>The card as it is kept: of a contact the number that was taken stands first, so that it is known again.</summary>
    private static VCard Kept(VCard card, CardRecord now)
    {
        var lines = card.Properties.Where(line => line.Name != "REV").ToList();
        if (now.Kind == CardKind.Customer) { return card with { Properties = lines }; }
        var taken = Enum.GetValues<ContactKind>().Select(now.Facts.First).OfType<CardPoint>().ToList();
        return card with { Properties = [.. lines.OrderBy(line => ReadCard.PointOf(card, line) is { } point && taken.Exists(one => one.Kind == point.Kind && one.Value == point.Value) ? 0 : 1)] };
    }

    private async Task Told(HttpContext http, Func<Task> work, CancellationToken ct)
    {
        try
        {
            await work();
        }
        catch (RuleException refused)
        {
            await Tell(http, refused, ct);
            var status = refused.Status is >= 400 and < 500 ? refused.Status : StatusCodes.Status403Forbidden;
            var condition = refused.Code switch
            {
                "access.record.refused" or "access.token.scope" => DavXml.Dav + "need-privileges",
                "cards.refused.uid" => DavXml.Card + "no-uid-conflict",
                _ => DavXml.Card + "valid-address-data",
            };
            await DavXml.Send(http, status, DavXml.Error(condition, texts[refused.Code, [.. refused.Args]]), ct);
        }
    }

    private async Task Tell(HttpContext http, RuleException refused, CancellationToken ct)
    {
        var userId = http.User.Access().UserId;
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var reason = refused.Code switch
        {
            "access.record.refused" or "access.token.scope" => "right",
            "customers.form.twinApi" or "customers.form.twinBlocked" or "customers.contact.twin" or "customers.contact.twinBlocked" or "customers.person.twice" => "twin",
            "customers.remove.bought" or "customers.remove.kept" => "bought",
            "cards.refused.organisation" => "organisation",
            _ => "wrong",
        };
        await notices.Tell(connection, new Notice(NoticeKind, userId, "cards.notice." + reason, $"{NoticeKind}/{reason}") { Href = PhoneBookEndpoints.Path, ToActorToo = true, Many = new("cards.notice.many", PhoneBookEndpoints.Path) }, ct);
        await connection.Run("update customers_phone_book set refused_at = @now where user_id = @user", ct, ("now", clock.GetUtcNow()), ("user", userId));
        await transaction.CommitAsync(ct);
    }
}
