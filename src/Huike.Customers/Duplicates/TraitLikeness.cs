using System.Data.Common;
using System.Text.Json;
using Huike.Customers.Find;
using Huike.Platform.Data;
using Huike.Statistics.Matching;

namespace Huike.Customers.Duplicates;

/// <summary>How alike some customers are, by the weights that the last comparison learned and those that were set.</summary>
internal sealed class TraitLikeness
{
    private readonly IReadOnlyList<CustomerTraits> all;
    private readonly DuplicateRules rules;
    private readonly LinkModel? model;
    private readonly Matcher? matcher;

    private TraitLikeness(IReadOnlyList<CustomerTraits> all, DuplicateRules rules, LinkModel? learned)
    {
        (this.all, this.rules) = (all, rules);
        if (learned is null || all.Count < 2) { return; }
        model = rules.Over(learned);
        matcher = new([.. CustomerTraits.All.Select(field => new MatchField(field.Name, field.Kind, [.. all.Select(field.Get)]))]) { CountsRarity = false };
    }

    public static async Task<TraitLikeness> Of(DbConnection connection, IReadOnlyList<CustomerTraits> all, DuplicateRules rules, CancellationToken ct) => new(all, rules, await LearnedWeights.Read(connection, ct));

    /// <summary>How likely two are the same; null where nothing was learned yet.</summary>
    public double? Probability(int a, int b) => matcher is null ? null : LinkModel.Probability(model!.PriorWeight + matcher.Reasons(model, a, b).Sum(reason => reason.Weight));

    /// <summary>Whether the rules take two for similar. Before anything was learned: the same name, at the same place.</summary>
    public bool IsSimilar(int a, int b) => Probability(a, b) is { } known ? known * 100 >= rules.SimilarFrom
        : Statistics.Matching.Words.Fold(all[a].Name) == Statistics.Matching.Words.Fold(all[b].Name) && all[a].Address is not null && Statistics.Matching.Words.Fold(all[a].Address) == Statistics.Matching.Words.Fold(all[b].Address);

    /// <summary>What each field says of two, as the queue keeps it; empty where nothing was learned yet.</summary>
    public string Reasons(int a, int b) => JsonSerializer.Serialize(matcher?.Reasons(model!, a, b).Select(reason => new DuplicateReason(reason.Field, reason.Agreement, Math.Round(reason.Weight, 2))) ?? []);
}
