using Huike.IntegrationTests;
using Huike.IntegrationTests.Platform.Events;
using Huike.Web;
using Microsoft.AspNetCore.Builder;

/// <summary>
/// Makes the program a node with the tests' handlers: .NET calls this before the program's first line where <c>DOTNET_STARTUP_HOOKS</c> names this assembly.
/// The product needs no way to be given foreign code for it.
/// </summary>
#pragma warning disable CA1050, MA0047 // .NET looks for it in no namespace.
internal static class StartupHook
#pragma warning restore CA1050, MA0047
{
    /// <summary>Environment variable with the node's name; without it the hook does nothing.</summary>
    public const string Node = "HUIKE_TEST_NODE";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Node) is not { Length: > 0 }) { return; }
        var words = Environment.GetEnvironmentVariable("HUIKE_TEST_NODE_DATABASE")!.Split('\n');
        using var app = HuikeHost.Build(new() { Data = words[0], Provider = "postgres", Connection = words[1], Urls = "http://127.0.0.1:0" }, builder =>
        {
            HuikeApp.Quiet(builder);
            Ticks.Handled(builder);
        });
        app.Run();
    }
}
