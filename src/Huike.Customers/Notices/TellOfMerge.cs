using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Notifications;

namespace Huike.Customers.Notices;

/// <summary>Tells those who looked after two files that they are one now.</summary>
internal sealed class TellOfMerge(NoticeLog notices) : IEventHandler<CustomersMerged>
{
    public const string Kind = "customers.merged";

    public async Task Run(CustomersMerged happened, Occurrence occurrence, DbConnection connection, CancellationToken ct)
    {
        var owner = await connection.Number("select owner_id from customers_customer where id = @id", ct, ("id", happened.CustomerId));
        foreach (var user in new[] { owner, happened.FormerOwner ?? 0 }.Where(user => user > 0).Distinct())
        {
            await notices.Tell(connection, new Notice(Kind, user, "customers.notice.merged", $"{Kind}/{occurrence.Id}") { About = happened.About() }, ct);
        }
    }
}
