using System.Globalization;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Huike.Platform.Fields;

/// <summary>Routes of the firm's own fields.</summary>
public static class FieldEndpoints
{
    /// <summary>Maps the pages.</summary>
    public static void MapFields(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(FieldsModule.Path).RequireAuthorization(FieldsModule.Manage);
        group.MapGet("/", async (HttpContext http, Texts texts, FieldView view, CancellationToken ct, string kind = "") =>
        {
            await view.Read(kind, ct);
            return Pages.Show<FieldListPage>(http, texts["fields.title"]);
        });
        group.MapGet("/new", async (HttpContext http, Texts texts, FieldView view, CancellationToken ct, string kind = "") =>
        {
            await view.Read(kind, ct);
            return Form(http, texts, view, FieldInput.New(view.Kind.Name), null);
        });
        group.MapPost("/new", async (HttpContext http, Texts texts, FieldView view, SaveField save, IFormCollection posted, CancellationToken ct) =>
        {
            await view.Read(posted["kind"].ToString(), ct);
            return await Save(http, texts, view, save, FieldInput.Read(posted, view.Kind.Name, null), ct);
        });
        group.MapGet("/{id:long}", async (HttpContext http, Texts texts, FieldView view, long id, CancellationToken ct) => Form(http, texts, view, FieldInput.Of(await view.Find(id, ct)), null));
        group.MapPost("/{id:long}", async (HttpContext http, Texts texts, FieldView view, SaveField save, long id, IFormCollection posted, CancellationToken ct) =>
        {
            var old = await view.Find(id, ct);
            return await Save(http, texts, view, save, FieldInput.Read(posted, old.Kind, old), ct);
        });
        group.MapPost("/{id:long}/state", async (HttpContext http, Texts texts, FieldView view, FormAnswer form, SaveField save, long id, [FromForm] string? retired, CancellationToken ct) =>
        {
            var field = await view.Find(id, ct);
            return await form.After(() => save.Retire(id, retired == "true", ct), () => At(field.Kind), error => Task.FromResult(Form(http, texts, view, FieldInput.Of(field), error)));
        });
    }

    private static string At(string kind) => $"{FieldsModule.Path}?kind={kind}";

    private static async Task<IResult> Save(HttpContext http, Texts texts, FieldView view, SaveField save, FieldInput input, CancellationToken ct)
    {
        string? error = null;
        if (input.Errors.Count == 0)
        {
            try
            {
                await save.Run(input, ct);
                return TypedResults.LocalRedirect(At(input.Field.Kind));
            }
            catch (RuleException refused) when (!refused.Code.EndsWith(".unknown", StringComparison.Ordinal))
            {
                var place = refused.Code switch { "fields.form.taken" => "name", "fields.form.target" => "target", _ when refused.Code.StartsWith("fields.formula.", StringComparison.Ordinal) => "expression", _ => null };
                if (place is null) { error = texts[refused.Code, [.. refused.Args]]; }
                else { input = input with { Errors = new Dictionary<string, (string, object[])> { [place] = (refused.Code, [.. refused.Args]) } }; }
            }
        }
        return Form(http, texts, view, input, error, wrong: true);
    }

    private static IResult Form(HttpContext http, Texts texts, FieldView view, FieldInput input, string? error, bool wrong = false)
    {
        var history = input.Field.Id > 0 && http.User.Holds(Permissions.Audit) ? AuditModule.HistoryOf(FieldsModule.Audited.Name, input.Field.Id) : null;
        view.Input = input;
        return Pages.Show<FieldFormPage>(http, texts[input.Field.Id == 0 ? "fields.add" : "fields.edit"], new { Error = error, History = history }, wrong || error is not null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }
}

/// <summary>What the pages of fields show.</summary>
internal sealed class FieldView(Database database, IEnumerable<FieldedKind> kinds)
{
    public IReadOnlyList<FieldedKind> Kinds { get; } = [.. kinds];

    /// <summary>The kind whose fields are shown.</summary>
    public FieldedKind Kind { get; private set; } = null!;

    public IReadOnlyList<CustomField> Fields { get; private set; } = [];

    public FieldInput Input { get; set; } = FieldInput.New("");

    /// <summary>Reads the fields of a kind; of the first one where none is named.</summary>
    /// <exception cref="RuleException"><c>fields.kind.unknown</c>.</exception>
    public async Task Read(string kind, CancellationToken ct)
    {
        Kind = kind.Length == 0 ? Kinds[0] : Kinds.FirstOrDefault(known => known.Name == kind) ?? throw new RuleException("fields.kind.unknown", kind);
        await using var connection = await database.Open(ct);
        Fields = [.. (await FieldBook.All(connection, Kind.Name, ct)).OrderBy(field => field.IsRetired).ThenBy(field => field.Position).ThenBy(field => field.Id)];
    }

    /// <exception cref="RuleException"><c>fields.unknown</c>.</exception>
    public async Task<CustomField> Find(long id, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var field = await FieldBook.Get(connection, id, ct);
        await Read(field.Kind, ct);
        return field;
    }

    /// <summary>Where a field is edited.</summary>
    public static string At(long id) => string.Create(CultureInfo.InvariantCulture, $"{FieldsModule.Path}/{id}");
}
