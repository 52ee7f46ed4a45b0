using Huike.Customers.Contracts;

namespace Huike.Customers.Relationships;

/// <summary>关系类型: how close a relationship the firm keeps up with a customer (H4).</summary>
internal enum RelationshipType
{
    /// <summary>基本型: sells, and does not get in touch after.</summary>
    Basic = 1,

    /// <summary>被动型: sells, and asks the customer to call.</summary>
    Reactive = 2,

    /// <summary>负责型: calls soon after the sale to ask.</summary>
    Accountable = 3,

    /// <summary>能动型: comes with ideas from time to time.</summary>
    Proactive = 4,

    /// <summary>伙伴型: works with the customer on the customer's success.</summary>
    Partnership = 5,
}

/// <summary>How much a segment's customers bring.</summary>
internal enum MarginLevel
{
    Low = 0,
    Medium = 1,
    High = 2,
}

/// <summary>How many customers a segment has.</summary>
internal enum SegmentSize
{
    Few = 0,
    Medium = 1,
    Many = 2,
}

/// <summary>What the ledger says of a tier.</summary>
/// <param name="Tier">The segment.</param>
/// <param name="Customers">How many are in it.</param>
/// <param name="Contribution">What they brought together.</param>
internal sealed record Segment(Tier Tier, long Customers, decimal Contribution)
{
    /// <summary>What one of them brought.</summary>
    public decimal Average => Customers == 0 ? 0 : Contribution / Customers;
}

/// <summary>A type that is suggested, with the figures behind it.</summary>
/// <param name="Type">The type.</param>
/// <param name="Segment">The customer's segment.</param>
/// <param name="Average">What a customer of the firm brought on average.</param>
/// <param name="Share">The segment's share of the firm's buyers, in [0, 1].</param>
/// <param name="Margin">What follows from the average.</param>
/// <param name="Size">What follows from the share.</param>
internal sealed record Suggestion(RelationshipType Type, Segment Segment, decimal Average, decimal Share, MarginLevel Margin, SegmentSize Size);

/// <summary>The matrix of margin and number of customers (Kotler, Marketing Management: levels of relationship marketing).</summary>
internal static class RelationshipMatrix
{
    /// <summary>The type for a margin and a number of customers: the higher the one and the smaller the other, the closer.</summary>
    public static RelationshipType Of(MarginLevel margin, SegmentSize size) => (margin, size) switch
    {
        (MarginLevel.High, SegmentSize.Many) => RelationshipType.Accountable,
        (MarginLevel.High, SegmentSize.Medium) => RelationshipType.Proactive,
        (MarginLevel.High, _) => RelationshipType.Partnership,
        (MarginLevel.Medium, SegmentSize.Many) => RelationshipType.Reactive,
        (MarginLevel.Medium, SegmentSize.Medium) => RelationshipType.Accountable,
        (MarginLevel.Medium, _) => RelationshipType.Proactive,
        (_, SegmentSize.Many) => RelationshipType.Basic,
        (_, SegmentSize.Medium) => RelationshipType.Reactive,
        _ => RelationshipType.Accountable,
    };

    /// <summary>What is suggested in each segment; nothing where nobody bought.</summary>
    public static IReadOnlyList<Suggestion> Suggest(IReadOnlyCollection<Segment> segments, RelationshipRules rules)
    {
        var buyers = segments.Sum(segment => segment.Customers);
        if (buyers == 0) { return []; }
        var average = segments.Sum(segment => segment.Contribution) / buyers;
        return [.. segments.Where(segment => segment.Customers > 0).Select(segment =>
        {
            var share = (decimal)segment.Customers / buyers;
            var size = share >= rules.ManyShare ? SegmentSize.Many : share < rules.FewShare ? SegmentSize.Few : SegmentSize.Medium;
            // Where the firm as a whole earns nothing, whoever brings something is above it.
            var margin = average <= 0 ? segment.Average > 0 ? MarginLevel.High : MarginLevel.Low
                : segment.Average >= rules.HighMargin * average ? MarginLevel.High : segment.Average < rules.LowMargin * average ? MarginLevel.Low : MarginLevel.Medium;
            return new Suggestion(Of(margin, size), segment, average, share, margin, size);
        })];
    }
}
