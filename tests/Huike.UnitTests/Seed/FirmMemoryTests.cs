using Huike.Seed;
using Xunit;

namespace Huike.UnitTests.Seed;

/// <summary>Runs alone: it measures the process.</summary>
[CollectionDefinition(DisableParallelization = true)]
public class Alone;

[Collection(typeof(Alone))]
public class FirmMemoryTests
{
    [Fact]
    public void Memory_does_not_grow_with_the_lines()
    {
        long count = 0, start = 0, most = 0;
        foreach (var _ in new Firm(1, new FirmSize(2_000, 3, 80_000), new DateOnly(2026, 11, 20)).Transactions)
        {
            if (++count % 20_000 == 0)
            {
                var now = GC.GetTotalMemory(forceFullCollection: true);
                start = start == 0 ? now : start;
                most = Math.Max(most, now - start);
            }
        }

        Assert.True(count > 60_000 && most < 2_000_000, $"{most} bytes more after {count} lines");
    }
}
