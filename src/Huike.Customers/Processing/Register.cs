using Huike.Platform;
using Huike.Platform.Data;

namespace Huike.Customers.Processing;

/// <summary>个人信息处理活动记录: what the firm processes and why it may (H18; PIPL articles 13, 51 and 55).</summary>
internal sealed class Register(Database database)
{
    /// <summary>All purposes, those in use first. A firm has some dozens.</summary>
    public async Task<List<Purpose>> All(CancellationToken ct)
    {
        await using var connection = await database.OpenForShort(ct);
        return await connection.Rows($"select {Purpose.Columns} from customers_purpose order by case when retired_at is null then 0 else 1 end, id limit 500", Purpose.Map, ct);
    }

    /// <summary>Those that something can be done for.</summary>
    public async Task<List<Purpose>> InUse(CancellationToken ct) => [.. (await All(ct)).Where(purpose => !purpose.IsRetired)];

    /// <exception cref="RuleException"><c>privacy.purpose.unknown</c>.</exception>
    public async Task<Purpose> Find(long id, CancellationToken ct) => (await All(ct)).Find(purpose => purpose.Id == id) ?? throw new RuleException("privacy.purpose.unknown", id);

    /// <summary>What an export is for.</summary>
    /// <exception cref="RuleException"><c>privacy.purpose.missing</c>: none was named, or none in use.</exception>
    public async Task<Purpose> Demand(string? code, CancellationToken ct) =>
        code is { Length: > 0 } && (await InUse(ct)).Find(purpose => purpose.Code == code) is { } found ? found : throw new RuleException("privacy.purpose.missing");
}
