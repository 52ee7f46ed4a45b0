using System.CommandLine;
using System.Text.Json;
using Huike.Customers.Contracts;

namespace Huike.Web.Verbs;

/// <summary><c>privacy replay</c>: after a backup was restored, erases again who was erased since it was made.</summary>
internal static class PrivacyVerb
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = CommandLine.Texts["cli.import.json"] };
        var replay = new Command("replay", CommandLine.Texts["cli.privacy.replay"]) { json };
        replay.SetAction((parsed, ct) => CommandLine.Guarded(CommandLine.Arguments(parsed), async app =>
        {
            await using var scope = app.Services.CreateAsyncScope();
            var done = await scope.ServiceProvider.GetRequiredService<IErasures>().Replay(list: null, ct);
            await Console.Out.WriteLineAsync(parsed.GetValue(json)
                ? JsonSerializer.Serialize(new { listed = done.Listed, done = done.Done, standing = done.Standing, absent = done.Absent })
                : CommandLine.Texts["cli.privacy.replayed", done.Listed, done.Done, done.Standing, done.Absent]);
            return 0;
        }, ct));
        return new Command("privacy", CommandLine.Texts["cli.privacy"]) { replay };
    }
}
