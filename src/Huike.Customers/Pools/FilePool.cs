using Huike.Customers.Contracts;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Pools;

/// <summary>What a customer's file says of pools: who had the customer, when it goes, and where it can be given back to.</summary>
internal sealed class FilePool(Database database, AskExtension ask, IHttpContextAccessor http)
{
    private const int Most = 6;

    /// <summary>Who had it, the newest first.</summary>
    public IReadOnlyList<Hand> Hands { get; private set; } = [];

    /// <summary>Into which pool it goes and why; null: it doesn't in the next weeks.</summary>
    public (Pool Pool, Departure Departure)? Going { get; private set; }

    /// <summary>The owner's last request for it; null: none.</summary>
    public Extension? Extension { get; private set; }

    /// <summary>Pools into which the visitor may put it.</summary>
    public IReadOnlyList<Pool> Into { get; private set; } = [];

    /// <summary>Whether the visitor looks after it.</summary>
    public bool IsOwn { get; private set; }

    public bool MayAsk => IsOwn && Going is { Pool: var pool } && Extension is not { State: ExtensionState.Open } && pool.Rules.Extensions > 0;

    public bool IsShown => Hands.Count > 0 || Going is not null || Into.Count > 0;

    public async Task Read(long customer, CustomerFile file)
    {
        var (request, ct) = (http.HttpContext!, http.HttpContext!.RequestAborted);
        await using var connection = await database.Open(ct);
        Hands = await Hand.Of(connection, customer, Most, ct);
        if (file.IsErased) { return; }
        IsOwn = file.Owner.Id == request.User.Access().UserId;
        if (IsOwn || file.May.Contains(RecordAction.Assign)) { Into = [.. (await Pool.Of(connection, request.User.Access(), ct)).Where(pool => pool.IsOpen)]; }
        if (file.Owner.Id is not { } owner) { return; }
        Going = await ask.Going(connection, customer, owner, ct);
        Extension = (await Pools.Extension.Of(connection, customer, ct)).Find(one => one.Owner.Id == owner);
    }
}
