using System.Globalization;
using Huike.Platform.Audit;
using Huike.Platform.Calendar;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huike.Platform.Access.Organisation;

/// <summary>Routes of the tree.</summary>
internal static class OrganisationEndpoints
{
    public const string Path = "/admin/organisation";

    public static void MapOrganisation(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).RequireAuthorization(Permissions.Organisation);
        group.MapGet("/", async (HttpContext http, Texts texts, UnitTree tree, CancellationToken ct, bool closed = false) =>
            Pages.Show<OrganisationPage>(http, texts["access.unit.list.title"], new { Units = await tree.Run(closed, ct), Closed = closed }));
        group.MapGet("/{id:long}", (HttpContext http, UnitAnswer answer, long id, CancellationToken ct, string? after = null) => answer.Show(http, id, ct, after: after));
        group.MapPost("/{id:long}", (HttpContext http, UnitAnswer answer, FormAnswer form, EditUnit edit, long id, IFormCollection posted, CancellationToken ct) =>
            form.After(() => edit.Run(id, UnitInput.Read(posted), ct), () => At(id), error => answer.Show(http, id, ct, error, UnitInput.Read(posted))));
        group.MapPost("/{id:long}/units", (HttpContext http, UnitAnswer answer, FormAnswer form, AddUnit add, long id, IFormCollection posted, CancellationToken ct) =>
        {
            var added = 0L;
            var input = UnitInput.Read(posted) with { ParentId = id };
            return form.After(async () => added = await add.Run(input, ct), () => At(added), error => answer.Show(http, id, ct, error));
        });
        group.MapPost("/{id:long}/closing", (HttpContext http, UnitAnswer answer, FormAnswer form, CloseUnit close, long id, IFormCollection posted, CancellationToken ct) =>
            form.After(() => close.Run(id, posted["open"] != "true", ct), () => At(id), error => answer.Show(http, id, ct, error)));
    }

    private static string At(long id) => string.Create(CultureInfo.InvariantCulture, $"{Path}/{id}");

    /// <summary>One unit's page.</summary>
    internal sealed class UnitAnswer(Database database, UnitTree tree, People people, Calendars calendars, Texts texts)
    {
        public async Task<IResult> Show(HttpContext http, long id, CancellationToken ct, string? error = null, UnitInput? input = null, string? after = null)
        {
            await using var connection = await database.Open(ct);
            var unit = await Unit.Find(connection, id, ct) ?? throw new RuleException("access.unit.unknown", id);
            var all = await tree.Run(closed: true, ct);
            var leader = unit.LeaderId is { } person ? await connection.First("select user_name from platform_user where id = @id", row => row.GetString(0), ct, ("id", person)) : null;
            return Pages.Show<UnitPage>(http, UnitWords.Name(texts, unit), new
            {
                Shown = unit,
                Input = input ?? new(unit.Name, unit.Kind, unit.ParentId ?? 0, leader ?? "", unit.Version) { CalendarId = unit.CalendarId },
                All = all,
                Staff = await people.Of(id, after, ct),
                Choices = await people.ToChoose(ct),
                Calendars = (await calendars.Read(ct)).Calendars,
                InForce = await calendars.OfUnit(id, ct),
                History = http.User.Holds(Permissions.Audit) ? AuditModule.HistoryOf(UnitChange.Audited.Name, id) : null,
                Error = error,
            }, FormAnswer.Status(error));
        }
    }
}

/// <summary>How units are named on pages.</summary>
internal static class UnitWords
{
    public static string Name(Texts texts, Unit unit) => unit.Name.Length > 0 ? unit.Name : texts["access.unit.whole"];

    public static string Kind(Texts texts, UnitKind kind) => texts["access.unit.kind." + kind];

    /// <summary>Names of units in the order of the tree, drawn in by their depth; for selects.</summary>
    public static IEnumerable<(long Id, string Text)> Choices(Texts texts, IEnumerable<PlacedUnit> all) =>
        all.Where(placed => placed.Unit.ClosedAt is null).Select(placed => (placed.Unit.Id, new string('　', placed.Depth) + Name(texts, placed.Unit)));
}
