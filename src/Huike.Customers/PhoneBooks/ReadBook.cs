using System.Globalization;
using System.Xml.Linq;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Http;
using static Huike.Customers.PhoneBooks.DavXml;

namespace Huike.Customers.PhoneBooks;

/// <summary>Answers what programs ask of the book and its cards. Each answer that gives out cards stands in the audit, as an export does.</summary>
internal sealed class ReadBook(PhoneBook book, DavTree tree, Database database, AuditLog audit, TimeProvider clock)
{
    private const int MostAsked = 1_000;
    private const string TokenMark = "urn:huike:cards:";

    /// <summary>Older tokens are refused, so that the program begins anew: what is gone is not remembered for ever.</summary>
    private static readonly TimeSpan TokenAge = PhoneBook.Memory - TimeSpan.FromDays(30);

    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    /// <summary>The book, and with depth 1 its cards.</summary>
    public async Task List(HttpContext http, DavWish wish, bool withCards, CancellationToken ct)
    {
        var page = await Page(http, ct);
        var cards = withCards ? page.Cards : [];
        await Answer(http, [DavAnswer.Of(tree.BookOf(page.Seq, Token(page.Seq, clock.GetUtcNow())), wish), .. cards.Select(card => DavAnswer.Of(DavTree.CardOf(card, wish), wish))], wish, cards.Count, ct);
    }

    /// <summary>A report on the book.</summary>
    /// <exception cref="RuleException"><c>cards.query.wrong</c>.</exception>
    public async Task Report(HttpContext http, XElement report, CancellationToken ct)
    {
        var wish = DavWish.Read(report);
        if (report.Name == Card + "addressbook-multiget") { await Several(http, report, wish, ct); }
        else if (report.Name == Card + "addressbook-query") { await Query(http, report, wish, ct); }
        else if (report.Name == Dav + "sync-collection") { await Changes(http, report, wish, ct); }
        else { await Send(http, StatusCodes.Status403Forbidden, Error(Dav + "supported-report"), ct); }
    }

    /// <summary>One card as a file.</summary>
    public async Task One(HttpContext http, string name, CancellationToken ct)
    {
        var viewer = Viewer.Of(http);
        await using var connection = await database.Open(ct);
        if (await PhoneBook.Find(connection, viewer, name, ct) is not { Tag: not null } card)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        http.Response.Headers.ETag = DavTree.TagOf(card);
        if (http.Request.Headers.IfNoneMatch.Contains(DavTree.TagOf(card)))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        await Told(1, ct);
        var isFour = http.Request.Headers.Accept.ToString().Contains("version=4.0", StringComparison.OrdinalIgnoreCase);
        http.Response.ContentType = "text/vcard; charset=utf-8";
        await http.Response.WriteAsync(card.Text(isFour ? VCards.VCard.Four : VCards.VCard.Three), ct);
    }

    private async Task Several(HttpContext http, XElement report, DavWish wish, CancellationToken ct)
    {
        var hrefs = report.Elements(Dav + "href").Select(one => one.Value).Take(MostAsked + 1).ToList();
        if (hrefs.Count > MostAsked) { throw new RuleException("cards.query.many", MostAsked); }
        var page = await Page(http, ct);
        var cards = page.Cards.ToDictionary(card => card.Name);
        var found = hrefs.ConvertAll(href => (Href: href, Card: DavTree.NameOf(href) is { } name ? cards.GetValueOrDefault(name) : null));
        await Answer(http, found.ConvertAll(one => one.Card is null ? DavAnswer.Missing(one.Href) : DavAnswer.Of(DavTree.CardOf(one.Card, wish), wish)), wish, found.Count(one => one.Card is not null), ct);
    }

    private async Task Query(HttpContext http, XElement report, DavWish wish, CancellationToken ct)
    {
        var query = CardQuery.Read(report);
        var page = await Page(http, ct);
        var found = page.Cards.Where(card => query.Fits(PhoneCards.WriteCard.Run(card.Record!, card.Uid, card.Kept, VCards.VCard.Three))).ToList();
        var told = query.Most is { } most ? found[..Math.Min(most, found.Count)] : found;
        var answers = told.ConvertAll(card => DavAnswer.Of(DavTree.CardOf(card, wish), wish));
        if (told.Count < found.Count) { answers.Add(DavAnswer.Cut(DavTree.Book)); }
        await Answer(http, answers, wish, told.Count, ct);
    }

    /// <summary>What changed since a token; without one, all.</summary>
    private async Task Changes(HttpContext http, XElement report, DavWish wish, CancellationToken ct)
    {
        var page = await Page(http, ct);
        var said = report.Element(Dav + "sync-token")?.Value.Trim() ?? "";
        if (said.Length > 0 && Seq(said) is not { } || said.Length > 0 && Seq(said) > page.Seq)
        {
            await Send(http, StatusCodes.Status403Forbidden, Error(Dav + "valid-sync-token"), ct);
            return;
        }
        var since = said.Length == 0 ? -1 : Seq(said)!.Value;
        var changed = page.Cards.Where(card => card.Seq > since).ToList();
        var gone = since < 0 ? [] : page.Gone.Where(card => card.Seq > since).ToList();
        await Answer(http, [.. changed.Select(card => DavAnswer.Of(DavTree.CardOf(card, wish), wish)), .. gone.Select(card => DavAnswer.Missing(DavTree.HrefOf(card)))], wish, changed.Count, ct, new XElement(Dav + "sync-token", Token(page.Seq, clock.GetUtcNow())));
    }

    private async Task<BookPage> Page(HttpContext http, CancellationToken ct)
    {
        var viewer = Viewer.Of(http);
        var page = await book.Read(viewer, ct);
        var now = clock.GetUtcNow();
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await connection.Run("update customers_phone_book set read_at = @now where user_id = @user and (read_at is null or read_at < @since)", ct, ("now", now), ("user", viewer.UserId), ("since", now - SeenEvery));
        return page;
    }

    private async Task Answer(HttpContext http, IReadOnlyList<XElement> responses, DavWish wish, int cards, CancellationToken ct, params object?[] more)
    {
        // Before the first one leaves: what can't be written down is not given out.
        if (wish.WantsCards) { await Told(cards, ct); }
        await Send(http, DavAnswer.MultiStatus, DavAnswer.Several(responses, more), ct);
    }

    private async Task Told(int cards, CancellationToken ct)
    {
        if (cards > 0) { await audit.Write(new AuditEntry("cards.taken") { Kind = Audited.Customers.Name, Changes = [AuditChange.Is("rows", cards)] }, ct); }
    }

    /// <summary>What a program shows to hear what changed since.</summary>
    public static string Token(long seq, DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture, $"{TokenMark}{seq}-{now:yyyyMMdd}");

    /// <summary>The change of a token of ours that is not too old; null: it is none.</summary>
    private long? Seq(string token)
    {
        if (!token.StartsWith(TokenMark, StringComparison.Ordinal) || token[TokenMark.Length..].Split('-') is not [var seq, var day]) { return null; }
        return long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && DateTimeOffset.TryParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at > clock.GetUtcNow() - TokenAge ? number : null;
    }
}
