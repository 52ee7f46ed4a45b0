using System.Globalization;
using System.Security.Claims;
using Huike.Platform.Access;

namespace Huike.Platform.Fields;

/// <summary>Makes open text fields of a kind of record by their titles, as a file names its columns.</summary>
public sealed class NewFields
{
    private const int LongestTitle = 60;

    private readonly SaveField save;
    private readonly FieldBook book;

    internal NewFields(SaveField save, FieldBook book) => (this.save, this.book) = (save, book);

    /// <param name="user">Must be allowed to make fields.</param>
    /// <param name="kind">Kind of record.</param>
    /// <param name="titles">One field each; those that are there already stay.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>access.record.refused</c>; those of a form of a field.</exception>
    public async Task Run(ClaimsPrincipal user, FieldedKind kind, IReadOnlyList<string> titles, CancellationToken ct)
    {
        user.Demand(FieldsModule.Manage);
        foreach (var title in titles.Select(title => title.Trim()).Where(title => title.Length > 0))
        {
            var known = book.Of(kind.Name);
            if (title.Length > LongestTitle || title.Any(char.IsControl)) { throw new RuleException("fields.form.long", LongestTitle); }
            if (known.Any(field => field.Chinese == title || field.English == title)) { continue; }
            await save.Run(new FieldInput(new CustomField { Kind = kind.Name, Name = Name(title, known), Chinese = title, Position = known.Count + 1 }, ""), ct);
        }
    }

    /// <summary>Letters and digits of the title; where it has none, a number.</summary>
    private static string Name(string title, IReadOnlyList<CustomField> known)
    {
        var plain = string.Concat(title.Where(char.IsAsciiLetterOrDigit)).TrimStart([.. "0123456789"]);
        var stem = plain.Length == 0 ? "column" : char.ToLowerInvariant(plain[0]) + plain[1..Math.Min(plain.Length, 30)];
        var names = known.Select(field => field.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Enumerable.Range(0, int.MaxValue).Select(i => i == 0 ? stem : stem + i.ToString(CultureInfo.InvariantCulture)).First(name => !names.Contains(name));
    }
}
