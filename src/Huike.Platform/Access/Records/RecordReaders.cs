using System.Data.Common;
using Huike.Platform.Data;

namespace Huike.Platform.Access.Records;

/// <summary>Who else sees a record: for what one user tells another of it, and for work that is done when its asker is away.</summary>
public sealed class RecordReaders
{
    private readonly ReadAccess access;
    private readonly RecordPolicy policy;

    internal RecordReaders(ReadAccess access, RecordPolicy policy) => (this.access, this.policy) = (access, policy);

    /// <summary>What a user may do now; nothing where he was shut out since.</summary>
    public async Task<UserAccess> Access(DbConnection connection, long userId, CancellationToken ct) =>
        await connection.Number("select 1 from platform_user where id = @id and disabled_at is null", ct, ("id", userId)) == 0 ? UserAccess.None : await access.Of(connection, userId, ct);

    /// <summary>Whether a user may see a record now.</summary>
    public async Task<bool> Sees(DbConnection connection, long userId, RecordKind kind, long id, CancellationToken ct) =>
        (await policy.Check(connection, await access.Of(connection, userId, ct), kind, RecordAction.Read, id, ct)).By is not null;
}
