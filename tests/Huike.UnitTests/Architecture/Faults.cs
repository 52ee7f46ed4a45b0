using Xunit;

namespace Huike.UnitTests.Architecture;

/// <summary>How a guard says where it was broken.</summary>
internal static class Faults
{
    /// <summary>Fails with a line for each fault: a comparison of lists would cut long paths short and leave out what comes after the fifth.</summary>
    public static void None(IEnumerable<string> faults)
    {
        var found = string.Join('\n', faults);
        Assert.True(found.Length == 0, found);
    }
}
