using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Access;

/// <summary>What follows a form: the page that it leads to, or its own page with what is wrong, in the user's language.</summary>
public sealed class FormAnswer(Texts texts)
{
    /// <param name="work">Does what the form asks for.</param>
    /// <param name="path">Where to go then.</param>
    /// <param name="again">Shows the page again with what is wrong.</param>
    public async Task<IResult> After(Func<Task> work, Func<string> path, Func<string, Task<IResult>> again)
    {
        try
        {
            await work();
            return TypedResults.LocalRedirect(path());
        }
        catch (RuleException refused) when (!refused.Code.EndsWith(".unknown", StringComparison.Ordinal))
        {
            return await again(texts[refused.Code, [.. refused.Args]]);
        }
    }

    /// <summary>200, or 422 where something is wrong.</summary>
    public static int Status(string? error) => error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;
}
