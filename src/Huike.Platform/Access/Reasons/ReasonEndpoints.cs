using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Records;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Platform.Access.Reasons;

/// <summary>The inspector's page.</summary>
internal static class ReasonEndpoints
{
    public const string Path = "/admin/why";

    public static void MapReasons(this IEndpointRouteBuilder routes) => routes.MapGet(Path, Show).RequireAuthorization(Permissions.Audit);

    private static async Task<IResult> Show(HttpContext http, Texts texts, ExplainRecord explain, People people, IEnumerable<RecordKind> kinds, CancellationToken ct, string kind = "", long record = 0, string user = "", string? after = null)
    {
        RecordReasons? found = null;
        string? error = null;
        if (kinds.FirstOrDefault(known => known.Name == kind) is { } asked && record > 0)
        {
            try
            {
                found = await explain.Run(asked, record, user.Trim(), after, ct);
            }
            catch (RuleException refused)
            {
                error = texts[refused.Code, [.. refused.Args]];
            }
        }
        return Pages.Show<ReasonsPage>(http, texts["access.why.title"], new { Kinds = kinds.ToList(), Found = found, Kind = kind, Record = record, User = user, Choices = await people.ToChoose(ct), Error = error }, FormAnswer.Status(error));
    }
}

/// <summary>Leads to the inspector from the records themselves.</summary>
public static class RecordQuestions
{
    /// <summary>Where the inspector says who may have a record.</summary>
    public static string Of(RecordKind kind, long id) => FormattableString.Invariant($"{ReasonEndpoints.Path}?kind={kind.Name}&record={id}");
}
