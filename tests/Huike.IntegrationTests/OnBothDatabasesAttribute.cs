using System.Reflection;
using Huike.Platform.Data;
using Xunit.Sdk;
using Xunit.v3;

namespace Huike.IntegrationTests;

/// <summary>Runs a theory once on SQLite and once on PostgreSQL; the latter is skipped, with the reason, where no server was named.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnBothDatabasesAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) => new(
    [
        new TheoryDataRow<DatabaseKind>(DatabaseKind.Sqlite),
        new TheoryDataRow<DatabaseKind>(DatabaseKind.Postgres) { Skip = TestDatabase.Server is null ? "no PostgreSQL: HUIKE_TEST_POSTGRES is not set (./test sets it)" : null },
    ]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
