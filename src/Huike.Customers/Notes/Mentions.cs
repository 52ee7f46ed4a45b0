using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Huike.Customers.Contracts;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Notifications;
using Huike.Platform.Search;

namespace Huike.Customers.Notes;

/// <summary>One of us, as a text names him.</summary>
internal sealed record Colleague(long Id, string Name, string ShownName);

/// <summary>
/// @ and a sign-in name, or a shown name that only one has: written anywhere in a text. The longest name counts; Latin letters are never cut off from others, so that
/// <c>@annabel</c> doesn't mean anna, but <c>@王芳请回电</c> means 王芳.
/// </summary>
internal static partial class Mentions
{
    private const int Most = 200;
    private const int MostOffered = 8;
    private const string Staff = "from platform_user u where u.disabled_at is null and u.kind < 2";
    private const string Columns = "select u.id, u.user_name, coalesce(nullif(u.display_name, ''), u.user_name)";

    /// <summary>The colleagues whom texts name, by what they are called there.</summary>
    public static async Task<IReadOnlyDictionary<string, Colleague>> Find(DbConnection connection, IEnumerable<string> texts, CancellationToken ct)
    {
        var called = texts.SelectMany(text => Mark().Matches(text)).SelectMany(mark => Names(mark.Groups["run"].Value)).Distinct(StringComparer.OrdinalIgnoreCase).Take(Most * 5).ToList();
        var found = new Dictionary<string, Colleague>(StringComparer.OrdinalIgnoreCase);
        if (called.Count == 0) { return found; }
        string In(char list) => string.Join(", ", called.Select((_, i) => $"@{list}{i}"));
        var people = await connection.Rows($"{Columns} {Staff} and (u.normalized_user_name in ({In('u')}) or u.display_name in ({In('n')})) order by u.id limit {Most}",
            Map, ct, [.. called.SelectMany((name, i) => new[] { ($"u{i}", (object?)name.ToUpperInvariant()), ($"n{i}", name) })]);
        foreach (var person in people) { found.TryAdd(person.Name, person); }
        foreach (var same in people.GroupBy(person => person.ShownName, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() == 1)) { found.TryAdd(same.Key, same.Single()); }
        return found;
    }

    /// <summary>The text in its parts; those that name somebody come with him.</summary>
    public static IEnumerable<(string Text, Colleague? Who)> Parts(string text, IReadOnlyDictionary<string, Colleague> known)
    {
        var told = 0;
        foreach (Match mark in Mark().Matches(text))
        {
            if (mark.Index < told || Names(mark.Groups["run"].Value).FirstOrDefault(known.ContainsKey) is not { } name) { continue; }
            if (mark.Index > told) { yield return (text[told..mark.Index], null); }
            told = mark.Index + 1 + name.Length;
            yield return (text[mark.Index..told], known[name]);
        }
        if (told < text.Length) { yield return (text[told..], null); }
    }

    /// <summary>Colleagues whose sign-in name begins with what was typed, or whose shown name contains it.</summary>
    public static async Task<IReadOnlyList<Colleague>> Offer(DbConnection connection, string typed, CancellationToken ct)
    {
        var kind = connection.Kind();
        return await connection.Rows($"{Columns} {Staff} and ({Within.Sql(kind, "u.user_name", "word")} or {Within.Sql(kind, "u.display_name", "word")}) order by u.normalized_user_name limit {MostOffered}", Map, ct, ("word", Within.Pattern(kind, typed)));
    }

    /// <summary>Shown names of those whom an address names by their numbers.</summary>
    public static async Task<IReadOnlyList<string>> Untold(DbConnection connection, string numbers, CancellationToken ct)
    {
        var ids = numbers.Split(',', Most, StringSplitOptions.RemoveEmptyEntries).Where(number => long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _)).ToList();
        return ids.Count == 0 ? [] : [.. (await connection.Rows($"{Columns} {Staff} and u.id in ({string.Join(", ", ids)}) order by u.id", Map, ct)).Select(who => who.ShownName)];
    }

    private static Colleague Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2));

    /// <summary>What a run of letters after @ may be: the longest first.</summary>
    private static IEnumerable<string> Names(string run) =>
        Enumerable.Range(1, run.Length).Reverse().Where(length => length == run.Length || !(IsLatin(run[length - 1]) && IsLatin(run[length])) && !char.IsLowSurrogate(run[length])).Select(length => run[..length]);

    private static bool IsLatin(char letter) => char.IsLetterOrDigit(letter) && letter < 0x2E80;

    [GeneratedRegex(@"(?<![A-Za-z0-9._%+-])@(?<run>[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,39})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Mark();
}

/// <summary>Tells colleagues that they were mentioned: each note's once, and nobody who may not see the customer.</summary>
internal sealed class TellMentioned(NoticeLog notices, RecordReaders readers)
{
    public const string Kind = "customers.mention";

    private const int Most = 20;

    /// <param name="connection">Holds the transaction of the note.</param>
    /// <param name="note">What was written.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>Who may not see the customer and was told nothing.</returns>
    public async Task<IReadOnlyList<Colleague>> Run(DbConnection connection, Note note, CancellationToken ct)
    {
        var known = await Mentions.Find(connection, [note.Body], ct);
        var untold = new List<Colleague>();
        foreach (var who in Mentions.Parts(note.Body, known).Select(part => part.Who).OfType<Colleague>().DistinctBy(who => who.Id).Take(Most))
        {
            if (!await readers.Sees(connection, who.Id, CustomerPermissions.Records, note.CustomerId, ct))
            {
                untold.Add(who);
                continue;
            }
            await notices.Tell(connection, new Notice(Kind, who.Id, "customers.notice.mentioned", string.Create(CultureInfo.InvariantCulture, $"{Kind}/{note.Id}"))
            {
                About = new(CustomerPermissions.Records.Name, note.CustomerId),
                Args = [note.CreatedBy],
                Href = string.Create(CultureInfo.InvariantCulture, $"/customers/{note.CustomerId}/notes/{note.Id}"),
            }, ct);
        }
        return untold;
    }
}
