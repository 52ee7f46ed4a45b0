using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform.Data;
using Huike.Ui.Kit;

namespace Huike.Customers.Pools;

/// <summary>Puts on the timeline how a customer came to its owners and into pools, and why.</summary>
internal sealed class HandTimes : ITimelineSource
{
    private const string By = "coalesce(nullif(b.display_name, ''), h.by)";

    public string Kind => "hands";

    public string Name => "pools.timeline";

    public Task<TimelineRead> Newest(DbConnection connection, TimelineAsk ask, CancellationToken ct) =>
        ask.Read(connection, asked => $"select {Hand.Columns} from {Hand.Table} h {Hand.Joins} where h.customer_id = @id{asked.Sql(connection.Kind(), "h.at", By, "h.reason")} order by h.at desc", Entry, ct);

    private static TimelineItem Entry(DbDataReader row)
    {
        var hand = Hand.Map(row);
        var (key, args) = PoolWords.Of(hand);
        return new(hand.At, hand.Reason) { By = hand.By, Title = key, TitleArgs = args, Icon = hand.ToPool is null ? "user-plus" : "inbox", Tone = hand.Cause == HandCause.Returned ? Tone.Warn : Tone.Neutral };
    }
}
