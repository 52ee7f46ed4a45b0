using System.Globalization;
using System.Security.Claims;
using Huike.Customers.Contracts;
using Huike.Customers.Duplicates;
using Huike.Customers.NextSteps;
using Huike.Customers.Stages;
using Huike.Customers.Timeline;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Fields;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Huike.Customers;

/// <summary>Routes of one customer's file.</summary>
internal static class FileEndpoints
{
    public static void MapCustomerFile(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/customers/{id:long}").RequireRecord(CustomerPermissions.Records, RecordAction.Read);
        read.MapGet("/", File).ReadTogether();
        read.MapGet("/timeline", More);
        read.MapGet("/documents", Document);
        var create = routes.MapGroup("/customers/new").RequireAuthorization(CustomerPermissions.Create);
        create.MapGet("/", New);
        create.MapPost("/", Add);
        var edit = routes.MapGroup("/customers").RequireRecord(CustomerPermissions.Records, RecordAction.Edit);
        edit.MapGet("/{id:long}/edit", ShowEdit);
        edit.MapPost("/{id:long}/edit", Edit);
        edit.MapPost("/{id:long}/next-steps", async (HttpContext http, long id, AddNextStep add, [FromForm] string? what, [FromForm] string? due, [FromForm] string? formKey, CancellationToken ct) =>
        {
            await add.Run(id, what, due, By(http.User), FormKey.Read(formKey), ct);
            return Back(id);
        });
        edit.MapPost("/{id:long}/next-steps/{step:long}/done", async (long id, long step, FinishNextStep finish, [FromForm] string? confirm, CancellationToken ct) =>
        {
            await finish.Run(id, step, ct);
            return Back(id);
        });
        edit.MapPost("/{id:long}/stage-pin", async (HttpContext http, long id, PinStage pin, [FromForm] string? stage, [FromForm] string? reason, [FromForm] string? until, CancellationToken ct) =>
        {
            await pin.Run(id, StageMachine.Buying, (stage, reason, until), By(http.User), ct);
            return Back(id);
        });
        edit.MapPost("/{id:long}/stage-pin/removal", async (HttpContext http, long id, PinStage pin, [FromForm] string? confirm, CancellationToken ct) =>
        {
            await pin.Remove(id, StageMachine.Buying, By(http.User), ct);
            return Back(id);
        });
    }

    /// <summary>Who acts, as colleagues know them.</summary>
    public static string By(ClaimsPrincipal user) => user.ShownName();

    public static RedirectHttpResult Back(long id) => TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/customers/{id}"));

    private static async Task<IResult> File(HttpContext http, ShowFile show, Shown<CustomerFile> shown, long id, CancellationToken ct)
    {
        await show.Run(http, id, ct);
        return Pages.Show<CustomerFilePage>(http, shown.Value.Name);
    }

    private static async Task<IResult> More(HttpContext http, ShowFile show, Shown<CustomerFile> shown, long id, CancellationToken ct)
    {
        await show.Run(http, id, ct);
        return Pages.IsPartial(http.Request) ? Pages.Fragment<TimelineEntries>(http) : Pages.Show<TimelinePageView>(http, shown.Value.Name);
    }

    private static async Task<IResult> Document(HttpContext http, Texts texts, Database database, SettingsStore settings, Shown<DocumentView> shown, long id, long at, CancellationToken ct, string number = "")
    {
        // What was bought and for how much is internal; the timeline leaves it out for the same ones.
        if (!Viewer.Of(http).SeesInternal) { throw new RuleException("access.record.refused"); }
        await using var connection = await database.Open(ct);
        shown.Value = await DocumentView.Read(connection, id, Instant(at), number, await Words(texts, settings, ct), ct);
        return Pages.IsPartial(http.Request) ? Pages.Fragment<DocumentLinesFragment>(http) : Pages.Show<DocumentLinesFragment>(http, texts["customers.timeline.document", number]);
    }

    private static IResult New(HttpContext http, Texts texts, Shown<CustomerForm> shown, TimeProvider clock)
    {
        shown.Value = new(new NewCustomer("") { CreatedAt = clock.GetUtcNow(), LoadId = 0, Kind = CustomerKind.Person }, 0, FormKey.New()) { Fields = Viewer.Of(http).Own };
        return Pages.Show<CustomerFormPage>(http, texts["customers.new.title"]);
    }

    private static async Task<IResult> Add(HttpContext http, Texts texts, AddCustomer add, FindTwins find, FieldReferences references, Shown<CustomerForm> shown, TimeProvider clock, IFormCollection posted, CancellationToken ct)
    {
        var form = await CustomerForm.Read(posted, null, Viewer.Of(http), CustomValues.None, clock.GetUtcNow()).Found(references, http.User.Access(), ct);
        var met = form.IsRight ? await DuplicateEndpoints.Find(http, find, form.Customer, null, ct) : [];
        form = form.Met(met, posted["anyway"] == "true");
        if (form.IsRight && form.Twins.Count == 0)
        {
            try
            {
                var id = await add.Run(form, Viewer.Of(http).SeesAll ? null : http.User.Access().UserId, ct);
                await find.Queue(id, met, ct);
                return Back(id);
            }
            catch (RuleException taken) when (taken.Code == "customers.form.number")
            {
                form = form with { Errors = new Dictionary<string, string> { ["number"] = taken.Code } };
            }
        }
        shown.Value = form;
        return Pages.Show<CustomerFormPage>(http, texts["customers.new.title"], status: StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> ShowEdit(HttpContext http, Texts texts, EditCustomer edit, Shown<CustomerForm> shown, long id, CancellationToken ct)
    {
        shown.Value = await edit.Show(id, Viewer.Of(http), ct);
        return Pages.Show<CustomerFormPage>(http, texts["customers.edit.title"]);
    }

    private static async Task<IResult> Edit(HttpContext http, Texts texts, EditCustomer edit, FindTwins find, FieldReferences references, Shown<CustomerForm> shown, TimeProvider clock, IFormCollection posted, long id, CancellationToken ct)
    {
        var shownForm = await edit.Show(id, Viewer.Of(http), ct);
        var form = await (CustomerForm.Read(posted, id, Viewer.Of(http), shownForm.Customer.Custom, clock.GetUtcNow()) with { Hidden = shownForm.Hidden }).Found(references, http.User.Access(), ct);
        var stale = false;
        var met = form.IsRight && Differs(shownForm.Customer, form.Customer) ? await DuplicateEndpoints.Find(http, find, form.Customer, id, ct) : [];
        form = form.Met(met, posted["anyway"] == "true");
        if (form.IsRight && form.Twins.Count == 0)
        {
            try
            {
                await edit.Run(id, form, Viewer.Of(http), By(http.User), ct);
                await find.Queue(id, met, ct);
                return Back(id);
            }
            catch (RuleException late) when (late.Code == "customers.edit.stale")
            {
                // What was typed stays; saving again writes it over what the other one did.
                form = form with { Version = shownForm.Version };
                stale = true;
            }
        }
        shown.Value = form;
        return Pages.Show<CustomerFormPage>(http, texts["customers.edit.title"], new { Stale = stale }, StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>Whether what a customer is known by was changed.</summary>
    private static bool Differs(NewCustomer old, NewCustomer changed) => CustomerTraits.Of(old) != CustomerTraits.Of(changed);

    /// <summary>Language and currency of what is shown.</summary>
    public static async Task<ListWording> Words(Texts texts, SettingsStore settings, CancellationToken ct)
    {
        var firm = await settings.Get<FirmSettings>(ct);
        return new(texts, firm.Currency, firm.Zone);
    }

    private static DateTimeOffset Instant(long ticks) =>
        ticks >= 0 && ticks <= DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay ? new(ticks, TimeSpan.Zero) : throw new RuleException("customers.cursor.wrong");
}
