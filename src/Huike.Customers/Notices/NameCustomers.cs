using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform.Access.Records;
using Huike.Platform.Notifications;

namespace Huike.Customers.Notices;

/// <summary>What customers are called in notices, and where they open.</summary>
internal sealed class NameCustomers(ICustomerNames names) : INameRecords
{
    public string Kind => CustomerPermissions.Records.Name;

    public string Href(long id) => string.Create(CultureInfo.InvariantCulture, $"/customers/{id}");

    public async Task<IReadOnlyDictionary<long, string>> Of(UserAccess access, IReadOnlyCollection<long> records, CancellationToken ct) =>
        (await names.Of(access, records, ct)).ToDictionary(one => one.Key, one => one.Value.Name);
}
