using System.Globalization;
using Huike.Customers.ContactPoints;
using Huike.Customers.Duplicates;
using Huike.Customers.VCards;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.PhoneCards;

/// <summary>A card of a file that is about to be taken over.</summary>
/// <param name="Line">Where it begins.</param>
/// <param name="Name">Whose.</param>
/// <param name="Detail">Where he works, and how he is reached.</param>
internal sealed record ImportedCard(int Line, string Name, string Detail)
{
    /// <summary>What it says; null: it can't be taken.</summary>
    public CardFacts? Facts { get; init; }

    /// <summary>Who may be the same.</summary>
    public IReadOnlyList<string> Twins { get; init; } = [];

    /// <summary>Why it can't be taken, or was not; null: it can, or was.</summary>
    public string? Error { get; init; }
}

/// <summary>Cards of a file.</summary>
/// <param name="Cards">In their order.</param>
/// <param name="Faults">What could not be read.</param>
/// <param name="Text">The cards, to be sent again with the choice.</param>
internal sealed record CardImport(IReadOnlyList<ImportedCard> Cards, IReadOnlyList<string> Faults, string Text)
{
    /// <summary>How many were taken over; null: it is only looked at.</summary>
    public int? Taken { get; init; }
}

/// <summary>Takes over the cards of a file: shows first what would become of each, then adds those that were chosen, each by itself.</summary>
internal sealed class ImportCards(TakeCard take, FindTwins find, Database database, Texts texts, TimeProvider clock)
{
    public const int LargestMegabytes = 8;

    private const int Most = 200;

    private static readonly string[] Heavy = ["PHOTO", "LOGO", "SOUND", "KEY"];

    /// <summary>What a file holds, and who of it may be here already.</summary>
    public async Task<CardImport> Look(HttpContext http, byte[] content, CancellationToken ct)
    {
        var (cards, faults) = ReadVCards.Run(content);
        var told = faults.Select(fault => Told(fault.Line, fault.Code, fault.Args)).ToList();
        if (cards.Count > Most) { told.Add(texts["cards.import.many", Most]); }
        var read = cards.Take(Most).Select(card => (Card: card with { Properties = [.. card.Properties.Where(one => !Heavy.Contains(one.Name))] }, Line: Read(card))).ToList();
        var looked = new List<ImportedCard>();
        foreach (var (_, line) in read) { looked.Add(line.Facts is { } facts ? line with { Twins = await Twins(http, facts, ct) } : line); }
        return new(looked, told, string.Concat(read.Where(one => one.Line.Facts is not null).Select(one => WriteVCard.Run(one.Card))));
    }

    /// <summary>Takes over those that were chosen.</summary>
    /// <param name="http">Who does it.</param>
    /// <param name="said">The cards as they were shown.</param>
    /// <param name="chosen">Which of them.</param>
    /// <param name="key">Names one showing of the page: what is sent under it twice is done once.</param>
    /// <param name="ct">Ends the work between two cards.</param>
    public async Task<CardImport> Run(HttpContext http, string said, IReadOnlySet<int> chosen, FormKey key, CancellationToken ct)
    {
        var cards = ReadVCards.Run(said).Cards.Take(Most).Select((card, i) => (Line: Read(card), i)).Where(one => chosen.Contains(one.i)).ToList();
        var (taken, left) = (0, new List<ImportedCard>());
        foreach (var (line, i) in cards)
        {
            try
            {
                if (line.Facts is not { } facts) { left.Add(line); continue; }
                await One(http, facts, string.Create(CultureInfo.InvariantCulture, $"{key.Value}-card-{i}"), ct);
                taken++;
            }
            catch (RuleException refused)
            {
                left.Add(line with { Error = texts[refused.Code, [.. refused.Args]] });
            }
        }
        return new(left, [], "") { Taken = taken };
    }

    /// <summary>The card and the key that says that it was done, in one transaction. Whom it may be was shown before.</summary>
    private async Task One(HttpContext http, CardFacts facts, string key, CancellationToken ct)
    {
        await using var batch = await database.Begin(ct);
        await using var connection = await database.Open(ct);
        if (!await OnceKeys.Take(connection, http.User.Access().UserId, key, "card", clock.GetUtcNow(), ct)) { return; }
        await take.Add(http, facts, anyway: true, ct);
        await batch.Commit(ct);
    }

    private async Task<IReadOnlyList<string>> Twins(HttpContext http, CardFacts facts, CancellationToken ct)
    {
        if (facts is { IsOrganisation: false, Organisation: not null }) { return []; }
        var traits = new CustomerTraits(facts.Name, facts.First(ContactKind.Phone)?.Value, facts.First(ContactKind.Email)?.Value, null, facts.First(ContactKind.WeChat)?.Value, facts.Places.Select(place => place.Text).FirstOrDefault());
        return [.. (await find.Run(traits, null, Viewer.Of(http), DuplicateRules.RolesOf(http.User.Access()), ct)).Select(twin => twin.Name ?? twin.Owner ?? texts["duplicates.twin.others"])];
    }

    private ImportedCard Read(VCard card)
    {
        var name = card.Text("FN") ?? card.Text("ORG") ?? card.Text("TEL") ?? "?";
        try
        {
            var facts = ReadCard.Run(card);
            return new(card.Line, facts.Name, string.Join(" · ", new[] { facts.IsOrganisation ? null : facts.Organisation, facts.Title }.Concat(facts.Points.Select(point => point.Point.Shown)).Where(part => part is { Length: > 0 }))) { Facts = facts };
        }
        catch (RuleException wrong)
        {
            return new(card.Line, name, "") { Error = Told(wrong.Members.TryGetValue("line", out var line) ? (int)line : card.Line, wrong.Code, wrong.Args) };
        }
    }

    private string Told(int line, string code, IReadOnlyList<object> args) => texts["cards.import.at", line, texts[code, [.. args]]];
}
