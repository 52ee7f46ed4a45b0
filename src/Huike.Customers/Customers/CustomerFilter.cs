using System.Collections.Frozen;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Funnels;
using Huike.Customers.PermissionStages;
using Huike.Customers.Relationships;
using Huike.Customers.Unknowns;
using Huike.Platform;
using Huike.Platform.Conditions;
using Huike.Platform.Fields;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers;

/// <summary>Which customers a list is of; every condition must hold. Written in the address by the same names everywhere.</summary>
internal sealed record CustomerFilter
{
    private const int LongestText = 100;

    /// <summary>Part of a name, a phone or a number, or pinyin; empty for none.</summary>
    public string Q { get; init; } = "";

    public Tier? Tier { get; init; }

    public BuyingStage? Stage { get; init; }

    public PermissionStage? Permission { get; init; }

    /// <summary>Those who entered a stage within a period, by what became of them.</summary>
    public FunnelStep? Step { get; init; }

    /// <summary>Those of whom something is not known.</summary>
    public UnknownFilter? Unknown { get; init; }

    public CustomerKind? Kind { get; init; }

    public string? Place { get; init; }

    public string? Category { get; init; }

    /// <summary>A tag that they carry.</summary>
    public string? Tag { get; init; }

    /// <summary>The type of relationship that somebody set.</summary>
    public RelationshipType? Relationship { get; init; }

    /// <summary>Scores of recency and frequency, each 1–5.</summary>
    public (int Recency, int Frequency)? Rfm { get; init; }

    /// <summary>First day of the month of the first purchase, in the firm's zone.</summary>
    public DateOnly? Cohort { get; init; }

    /// <summary>Only who costs more than they bring.</summary>
    public bool NegativeContribution { get; init; }

    /// <summary>Only the biggest by <c>sales</c> or <c>contribution</c>, as a share in (0, 1] of those with at least one document or return.</summary>
    public (CustomerSort By, decimal Share)? Top { get; init; }

    /// <summary>By the firm's own fields.</summary>
    public FieldConditions Own { get; init; } = FieldConditions.None;

    /// <summary>What else they have to be like, by any facts; null: nothing more.</summary>
    public Condition? Where { get; init; }

    public bool IsEmpty => this == new CustomerFilter();

    /// <summary>Whether it sifts by what is internal: figures, tier, stage.</summary>
    public bool IsInternal => Tier is not null || Stage is not null || Permission is not null || Step is not null || Unknown is not null || Tag is not null || Relationship is not null || Rfm is not null || Cohort is not null || NegativeContribution || Top is not null;

    /// <summary>The order that fits what is asked for.</summary>
    public (CustomerSort Sort, bool Descending) UsualOrder => this switch
    {
        { Q.Length: > 0 } => (CustomerSort.Relevance, false),
        { Top: { } top } => (top.By, true),
        { NegativeContribution: true } => (CustomerSort.ByContribution, false),
        { Tier: not null } or { Stage: not null } or { Rfm: not null } => (CustomerSort.ByContribution, true),
        _ => (CustomerSort.ByName, false),
    };

    /// <summary>Reads the conditions of an address; empty values are none.</summary>
    /// <param name="query">The address.</param>
    /// <param name="fields">The firm's own fields that the reader sees.</param>
    /// <exception cref="RuleException"><c>customers.filter.wrong</c>: a value that can't be meant.</exception>
    public static CustomerFilter Read(IQueryCollection query, IReadOnlyList<CustomField> fields)
    {
        return new()
        {
            Own = FieldConditions.Read(query, fields),
            Where = query["where"].ToString() is { Length: > 0 } where ? ConditionText.Read(where) : null,
            Q = Text("q") ?? "",
            Place = Text("place"),
            Category = Text("category"),
            Tag = Text("tag"),
            Relationship = Named<RelationshipType>("relationship"),
            Tier = Named<Tier>("tier"),
            Stage = Named<BuyingStage>("stage"),
            Permission = Named<PermissionStage>("permission"),
            Step = Text("step") is { } step ? FunnelStep.Parse(step) ?? throw Wrong("step", step[..Math.Min(step.Length, 20)]) : null,
            Unknown = Text("unknown") is { } unknown ? UnknownFilter.Parse(unknown, fields) ?? throw Wrong("unknown", unknown[..Math.Min(unknown.Length, 20)]) : null,
            Kind = Named<CustomerKind>("kind"),
            Rfm = Text("rfm") is { } rfm ? ReadRfm(rfm) : null,
            Cohort = Text("cohort") is { } cohort ? DateOnly.TryParseExact(cohort, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) && month.Year is > 1 and < 9999 ? month : throw Wrong("cohort", cohort) : null,
            NegativeContribution = Text("contribution") is { } contribution && (contribution == "negative" ? true : throw Wrong("contribution", contribution)),
            Top = Text("top") is { } top ? ReadTop(top) : null,
        };

        string? Text(string name) => query[name].ToString().Trim() is { Length: > 0 } text ? text.Length <= LongestText && !text.Contains('\0', StringComparison.Ordinal) ? text : throw Wrong(name, text[..Math.Min(text.Length, 20)]) : null;

        T? Named<T>(string name) where T : struct, Enum => Text(name) is { } text ? Array.Find(Enum.GetValues<T>(), value => Kebab(value) == text) is var found && Kebab(found) == text ? found : throw Wrong(name, text) : null;
    }

    /// <summary>The conditions as pairs of an address.</summary>
    public IEnumerable<KeyValuePair<string, string>> Pairs()
    {
        if (Q.Length > 0) { yield return new("q", Q); }
        if (Tier is { } tier) { yield return new("tier", Kebab(tier)); }
        if (Stage is { } stage) { yield return new("stage", Kebab(stage)); }
        if (Permission is { } permission) { yield return new("permission", Kebab(permission)); }
        if (Step is { } step) { yield return new("step", step.Written); }
        if (Unknown is { } unknown) { yield return new("unknown", unknown.Written); }
        if (Kind is { } kind) { yield return new("kind", Kebab(kind)); }
        if (Place is not null) { yield return new("place", Place); }
        if (Category is not null) { yield return new("category", Category); }
        if (Tag is not null) { yield return new("tag", Tag); }
        if (Relationship is { } type) { yield return new("relationship", Kebab(type)); }
        if (Rfm is { } rfm) { yield return new("rfm", string.Create(CultureInfo.InvariantCulture, $"{rfm.Recency}{rfm.Frequency}")); }
        if (Cohort is { } cohort) { yield return new("cohort", cohort.ToString("yyyy-MM", CultureInfo.InvariantCulture)); }
        if (NegativeContribution) { yield return new("contribution", "negative"); }
        if (Top is { } top) { yield return new("top", string.Create(CultureInfo.InvariantCulture, $"{top.By.Name}:{top.Share:0.####}")); }
        if (Where is { } where) { yield return new("where", ConditionText.Write(where)); }
        foreach (var pair in Own.All.SelectMany(one => one.Pairs())) { yield return pair; }
    }

    /// <summary>Same for the same conditions: what is remembered of a list is kept under it.</summary>
    public string Key => string.Join('&', Pairs().Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));

    /// <summary>A name as addresses write it: FirstTimeBuyer is first-time-buyer.</summary>
    public static string Kebab<T>(T value) where T : struct, Enum => Names<T>.Known[value];

    private static (int, int) ReadRfm(string text) =>
        text is [>= '1' and <= '5', >= '1' and <= '5'] ? (text[0] - '0', text[1] - '0') : throw Wrong("rfm", text);

    private static (CustomerSort, decimal) ReadTop(string text)
    {
        var by = text.Split(':') switch
        {
            ["sales", _] => CustomerSort.BySales,
            ["contribution", _] => CustomerSort.ByContribution,
            _ => throw Wrong("top", text),
        };
        return decimal.TryParse(text[(by.Name.Length + 1)..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share is > 0 and <= 1 ? (by, share) : throw Wrong("top", text);
    }

    private static RuleException Wrong(string name, string value) => new("customers.filter.wrong", name, value);

    private static class Names<T> where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> Known = Enum.GetValues<T>().ToFrozenDictionary(value => value,
            value => string.Concat(value.ToString().Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString())));
    }
}
