using Huike.Customers.Contracts;
using Huike.Customers.Notes;
using Huike.Customers.Processing;
using Huike.Customers.Timeline;
using Huike.Platform.Access;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Reasons;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Shares;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Fields;
using Huike.Platform.Live;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers;

/// <summary>Puts together what the file's page shows to the request's user.</summary>
internal sealed class ShowFile(Database database, FileSurroundings around, Texts texts, Shown<CustomerFile> shown, LiveMoment moment, TimeProvider clock)
{
    public async Task Run(HttpContext http, long id, CancellationToken ct)
    {
        var viewer = Viewer.Of(http);
        var access = http.User.Access();
        var file = await CustomerFile.Read(database, id, (around.Timeline, TimelineFilter.Of(http.Request)), await around.Words(texts, ct), viewer, clock.GetUtcNow(), ct);
        file = file with { Words = file.Words with { Names = await around.References.Names(viewer.Own, [file.Facts.Listed.Own], access, ct) } };
        await using var connection = await database.Open(ct);
        // Of one who was erased there is nothing left to change.
        var may = file.IsErased ? new HashSet<RecordAction>() : await around.Policy.Allowed(connection, access, CustomerPermissions.Records, id, ct);
        var seesHistory = http.User.Holds(Permissions.Audit);
        shown.Value = file with
        {
            May = may,
            MayMerge = may.Contains(RecordAction.Edit) && http.User.Holds(CustomerPermissions.Merge),
            Untold = viewer.SeesInternal ? await Mentions.Untold(connection, http.Request.Query["untold"].ToString(), ct) : [],
            LiveSince = moment.Since,
            Panels = viewer.SeesInternal ? around.Panels : [],
            Shares = may.Contains(RecordAction.Edit) ? await around.Shares(id, ct) : null,
            HistoryHref = seesHistory ? AuditModule.HistoryOf(Audited.Customers.Name, id) : null,
            WhyHref = seesHistory ? RecordQuestions.Of(CustomerPermissions.Records, id) : null,
        };
    }
}

/// <summary>What stands around a customer's facts on the page.</summary>
internal sealed class FileSurroundings(RecordPolicy policy, FileSharing sharing, FieldReferences references, SettingsStore settings, IEnumerable<CustomerPanel> panels, CustomerTimeline timeline)
{
    public RecordPolicy Policy => policy;

    public CustomerTimeline Timeline => timeline;

    public FieldReferences References => references;

    /// <summary>Parts of other modules, in their order.</summary>
    public IReadOnlyList<CustomerPanel> Panels { get; } = [.. panels.OrderBy(panel => panel.Order)];

    public Task<FileShares> Shares(long id, CancellationToken ct) => sharing.Of(id, ct);

    public async Task<ListWording> Words(Texts texts, CancellationToken ct)
    {
        var firm = await settings.Get<FirmSettings>(ct);
        return new(texts, firm.Currency, firm.Zone);
    }
}

/// <summary>With whom a file is shared, and with whom it could be.</summary>
internal sealed class FileSharing(ShareRecords shares, OrganisationChoices organisation, Register register)
{
    public async Task<FileShares> Of(long id, CancellationToken ct) => new(await shares.Of(CustomerPermissions.Records, id, ct), await organisation.Units(ct), await organisation.People(ct), await register.InUse(ct));
}
