using System.Data.Common;

namespace Huike.Platform.Access.Records;

/// <summary>Who else sees a record: for what one user tells another of it.</summary>
public sealed class RecordReaders
{
    private readonly ReadAccess access;
    private readonly RecordPolicy policy;

    internal RecordReaders(ReadAccess access, RecordPolicy policy) => (this.access, this.policy) = (access, policy);

    /// <summary>Whether a user may see a record now.</summary>
    public async Task<bool> Sees(DbConnection connection, long userId, RecordKind kind, long id, CancellationToken ct) =>
        (await policy.Check(connection, await access.Of(connection, userId, ct), kind, RecordAction.Read, id, ct)).By is not null;
}
