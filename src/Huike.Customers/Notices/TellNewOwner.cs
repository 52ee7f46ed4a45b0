using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform.Events;
using Huike.Platform.Notifications;

namespace Huike.Customers.Notices;

/// <summary>Tells who looks after a customer from now on; of many that come at once, how many.</summary>
internal sealed class TellNewOwner(NoticeLog notices) : IEventHandler<CustomerAssigned>
{
    public const string Kind = "customers.assigned";

    public async Task Run(CustomerAssigned happened, Occurrence occurrence, DbConnection connection, CancellationToken ct)
    {
        if (happened.To is not { } owner || happened.IsTold) { return; }
        await notices.Tell(connection, new Notice(Kind, owner, "customers.notice.assigned", Kind) { About = happened.About(), Many = new("customers.notice.assignedMany", "/customers") }, ct);
    }
}
