using Huike.Customers.Contracts;
using Huike.Platform.Access;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Duplicates;

/// <summary>Who may be the same as the customer whose file is shown, for those who look through pairs.</summary>
internal sealed class FileDuplicates(DuplicatePairs pairs, IHttpContextAccessor http)
{
    /// <summary>Pairs of which nothing is decided, the likeliest first.</summary>
    public IReadOnlyList<DuplicatePair> Pairs { get; private set; } = [];

    /// <summary>Reads them.</summary>
    public async Task Read(long customerId)
    {
        var request = http.HttpContext!;
        if (!request.User.Holds(DuplicatePermissions.Review)) { return; }
        Pairs = await pairs.Page(new(PairState.Open, 0, null) { Customer = customerId }, Viewer.Of(request), request.RequestAborted);
    }
}
