using System.Data.Common;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Approvals;
using Huike.Platform.Data;

namespace Huike.Platform.Rules;

/// <summary>A user whom an act means.</summary>
/// <param name="Id">Number.</param>
/// <param name="Name">Sign-in name.</param>
public sealed record RulePerson(long Id, string Name);

/// <summary>Finds whom an act means.</summary>
internal static class RulePeople
{
    /// <summary>Who looks after the record.</summary>
    public const string Owner = "@owner";

    /// <summary>The leader of that one's unit, or of the nearest above that has one.</summary>
    public const string Leader = "@leader";

    private const int Most = 20;

    /// <summary>The words as they were typed, each once.</summary>
    public static IReadOnlyList<string> Words(string who) => [.. FlowStep.Names(who).Take(Most)];

    /// <summary>Users who may come in, in the order in which they are meant; of a record that nobody looks after, owner and leader are nobody.</summary>
    public static async Task<IReadOnlyList<RulePerson>> Find(DbConnection connection, RuleSubject subject, long record, string who, CancellationToken ct)
    {
        var found = new List<long>();
        var owner = await connection.Number($"select c.owner_id from {subject.From} where c.id = @id", ct, ("id", record));
        foreach (var word in Words(who))
        {
            found.AddRange(word switch
            {
                Owner => owner > 0 ? [owner] : [],
                Leader => owner > 0 ? await Leaders.Of(connection, owner, above: false, exceptUser: true, ct) : [],
                _ => await FindApprovers.Named(connection, word, ct),
            });
        }
        if (found.Count == 0) { return []; }
        var open = await connection.Rows($"select id, user_name from platform_user where id in ({string.Join(',', found.Distinct())}) and disabled_at is null and kind < 2", row => new RulePerson(row.GetInt64(0), row.GetString(1)), ct);
        return [.. open.OrderBy(person => found.IndexOf(person.Id))];
    }
}
