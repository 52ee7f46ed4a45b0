using Huike.Platform.Api;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Parts;

/// <summary>Writes of programs on parts of customers' files.</summary>
internal static class FileParts
{
    /// <summary>A write on one row: the customer is held before it, as by everybody else.</summary>
    /// <param name="http">The request.</param>
    /// <param name="writes">Around the write.</param>
    /// <param name="table">With <c>id</c>, <c>customer_id</c> and <c>version</c>.</param>
    /// <param name="id">Whose.</param>
    /// <param name="part">Which.</param>
    /// <param name="work">The verb.</param>
    /// <param name="ct">Ends the write.</param>
    public static Task OnOne(HttpContext http, ApiWrites writes, string table, long id, long part, Func<ApiInput, Task<ApiAnswer>> work, CancellationToken ct) => writes.Change(http, async connection =>
    {
        await connection.Run("update customers_customer set version = version where id = @id", ct, ("id", id));
        var version = await connection.Number($"select version from {table} where id = @part and customer_id = @id", ct, ("part", part), ("id", id));
        return version == 0 ? null : ApiVersion.Tag((int)version);
    }, work, ct);
}
