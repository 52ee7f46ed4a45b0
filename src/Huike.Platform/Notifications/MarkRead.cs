using Huike.Platform.Data;
using Huike.Platform.Events;

namespace Huike.Platform.Notifications;

/// <summary>Marks one's own notices as read: one that is opened, or all. It is no act on a record, and stands in no audit.</summary>
internal sealed class MarkRead(Database database, NoticeReader reader, Wire wire, TimeProvider clock)
{
    /// <returns>Where the notice leads; empty: nowhere.</returns>
    /// <exception cref="RuleException"><c>notice.unknown</c>: there is none, or it is another's.</exception>
    public async Task<string> One(long userId, long id, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var notice = await connection.First($"update platform_notice set read_at = coalesce(read_at, @now) where id = @id and user_id = @user and in_app = 1 returning {KeptNotice.Columns}", KeptNotice.Map, ct, ("now", clock.GetUtcNow()), ("id", id), ("user", userId)) ?? throw new RuleException("notice.unknown");
        await wire.Tell(connection, new(WordKind.Notice, "-", userId, userId), ct);
        await transaction.CommitAsync(ct);
        return reader.HrefOf(notice);
    }

    /// <summary>All that were told until now.</summary>
    public async Task All(long userId, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.Run("update platform_notice set read_at = @now where user_id = @user and in_app = 1 and read_at is null", ct, ("now", clock.GetUtcNow()), ("user", userId));
        await wire.Tell(connection, new(WordKind.Notice, "-", userId, userId), ct);
        await transaction.CommitAsync(ct);
    }
}
