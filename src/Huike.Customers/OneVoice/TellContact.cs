using System.Globalization;
using Huike.Customers.NextSteps;
using Huike.Customers.Notes;
using Huike.Customers.Relationships.Bonds;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.OneVoice;

/// <summary>Tells of a contact, or notes something, by the form of the file; and plans what was promised, both or neither.</summary>
internal sealed class TellContact(Database database, AddNote note, AddNextStep plan, SettingsStore settings)
{
    private const string Local = "yyyy-MM-dd'T'HH:mm";

    /// <exception cref="RuleException"><c>customers.voice.kindWrong</c>, <c>customers.voice.at</c>; those of <see cref="AddNote.Run"/> and <see cref="AddNextStep.Run"/>.</exception>
    /// <returns>Mentioned colleagues who may not see the customer and were told nothing.</returns>
    public async Task<IReadOnlyList<Colleague>> Run(long customerId, IFormCollection posted, string by, CancellationToken ct)
    {
        var key = FormKey.Read(posted[FormKey.Name]);
        var said = new ContactText(posted["body"], Chosen<InteractionKind>(posted["kind"]), Chosen<InteractionSide>(posted["side"]), await At(posted["at"].ToString(), ct), Tones.Read(posted["tone"]), Answered(posted["replyTo"].ToString()));
        await using var batch = await database.Begin(ct);
        var untold = await note.Run(customerId, said, by, key, ct);
        if (posted["what"].ToString().Trim() is { Length: > 0 } what) { await plan.Run(customerId, what, posted["due"], by, key, ct); }
        await batch.Commit(ct);
        return untold;
    }

    private static long? Answered(string text) => text.Length == 0 ? null : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw new RuleException("customers.reply.unknown", text);

    /// <summary>What isn't said is the first one.</summary>
    private static T Chosen<T>(string? text) where T : struct, Enum => string.IsNullOrEmpty(text) ? default : TypedText.Chosen<T>(text, "customers.voice.kindWrong");

    private async Task<DateTimeOffset?> At(string text, CancellationToken ct)
    {
        if (text.Length == 0) { return null; }
        if (!DateTime.TryParseExact(text, Local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) || local.Year is < 1970 or > 9000) { throw new RuleException("customers.voice.at"); }
        return new DateTimeOffset(local, (await settings.Get<FirmSettings>(ct)).Zone.GetUtcOffset(local));
    }
}
