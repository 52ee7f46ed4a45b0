using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Fields;
using Huike.Platform.Jobs;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.BulkChanges;

/// <summary>A customer of a bulk change, as its page names him.</summary>
/// <param name="Id">Number.</param>
/// <param name="Name">Empty where the reader does not see him, or he is no more.</param>
/// <param name="Reason">Why he was left out; null: he was not.</param>
internal sealed record BulkLine(long Id, string Name, string? Reason);

/// <summary>A bulk change as its page shows it.</summary>
/// <param name="Change">What it is.</param>
/// <param name="Counts">How many stand how.</param>
/// <param name="Words">Language, currency, zone.</param>
internal sealed record BulkView(BulkChange Change, BulkCounts Counts, ListWording Words)
{
    public Viewer Viewer { get; init; } = null!;

    /// <summary>What is being planned; null where it is chosen by a link alone.</summary>
    public BulkWish Wish { get; init; } = new(BulkVerb.Set);

    /// <summary>Whether merging was asked for, which goes from page to page.</summary>
    public bool IsMerge { get; init; }

    public BulkPreview? Preview { get; init; }

    public Job? Job { get; init; }

    /// <summary>Of one that takes another back: that one.</summary>
    public BulkChange? Undone { get; init; }

    public IReadOnlyList<BulkLine> Lines { get; init; } = [];

    public BulkState Shown { get; init; } = BulkState.LeftOut;

    /// <summary>Behind which customer the next page begins; null: there is none.</summary>
    public long? Next { get; init; }

    public IReadOnlyList<Person> People { get; init; } = [];

    public IReadOnlyDictionary<long, string> Names { get; init; } = new Dictionary<long, string>();

    /// <summary>What is wrong with what was typed; null: nothing.</summary>
    public string? Fault { get; init; }

    public bool IsPlanned => Change.JobId is null;

    public bool IsRunning => !IsPlanned && Change.FinishedAt is null && Job is { State: JobState.Queued or JobState.Running };

    /// <summary>It stopped for something that nobody foresaw, and can go on.</summary>
    public bool IsStuck => !IsPlanned && Change.FinishedAt is null && !IsRunning;

    /// <summary>Fields that the viewer may set: name and label.</summary>
    public IEnumerable<(string Name, string Label)> Fields(Texts texts) => CustomerColumns.Editable.Where(column => !Viewer.Hides(column)).Select(ChangeByProgram.Member).Select(member => (member, texts["customers.field." + member]))
        .Concat(Viewer.Own.Where(field => field.Type != FieldType.Formula).Select(field => (field.Input, field.Label(texts))));

    /// <summary>What is done, in words.</summary>
    public string Told(Texts texts, BulkWish? wish) => wish switch
    {
        null => "",
        { Verb: BulkVerb.Set } => texts["bulk.told.set", Fields(texts).FirstOrDefault(one => one.Name == wish.Field).Label ?? wish.Field ?? "", wish.Value is { Length: > 0 } value ? Value(texts, wish.Field ?? "", value) : "–"],
        { Verb: BulkVerb.Assign } => wish.Owner is { Length: > 0 } owner ? texts["bulk.told.assign", owner] : texts["bulk.told.free"],
        { Verb: BulkVerb.Tag } => texts["bulk.told.tag", wish.Tags ?? ""],
        { Verb: BulkVerb.Untag } => texts["bulk.told.untag", wish.Tags ?? ""],
        { Verb: BulkVerb.Remove } => texts["bulk.told.remove"],
        { Verb: BulkVerb.Restore } => texts["bulk.told.restore"],
        _ => texts["bulk.told.undo", Undone is null ? "" : Told(texts, Undone.Wish)],
    };

    /// <summary>A value as people read it.</summary>
    public string Value(Texts texts, string field, string value) => field == "kind" && texts.Has("customers.kind." + value) ? texts["customers.kind." + value] : Viewer.Own.FirstOrDefault(own => own.Input == field) is { } known ? Words.Show(known, value) : value;

    /// <summary>A reason in words: a text key, and behind a bar what its placeholder shows.</summary>
    public static string Reason(Texts texts, string reason, long id) => reason.Split('|') is [var code, .. var args] && texts.Has(code) ? texts[code, args.Length > 0 ? [.. args] : [id]] : reason;
}

/// <summary>Reads what the pages of bulk changes show.</summary>
internal sealed class ShowBulk(Database database, JobQueue jobs, RunBulk run, OrganisationChoices people, SettingsStore settings, Texts texts)
{
    private const int MostLines = 50;
    private const int MostMerged = 20;

    public static BulkAsker Asker(HttpContext http) => new(http.User.Access().UserId, FileEndpoints.By(http.User), http.User.Holds(CustomerPermissions.Bulk));

    /// <summary>One, for who did it or may see what others did.</summary>
    /// <exception cref="RuleException"><c>bulk.unknown</c>.</exception>
    public async Task<BulkView> Read(HttpContext http, long id, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var change = await BulkChange.Find(connection, id, ct);
        if (Asker(http) is var asker && change.UserId != asker.UserId && !asker.OfOthers) { throw new RuleException("bulk.unknown", id); }
        return new(change, await BulkChange.Count(connection, id, ct), await FileEndpoints.Words(texts, settings, ct))
        {
            Viewer = Viewer.Of(http),
            Job = change.JobId is { } job ? await jobs.Get(job, ct) : null,
            Undone = change.Undoes is { } before ? await BulkChange.Find(connection, before, ct) : null,
        };
    }

    /// <summary>One that is planned: the form, or the files that are to become one.</summary>
    public async Task<BulkView> Plan(HttpContext http, BulkView view, BulkWish wish, bool isMerge, CancellationToken ct) => view with
    {
        Wish = wish,
        IsMerge = isMerge,
        People = wish.Verb == BulkVerb.Assign ? await people.People(ct) : [],
        Lines = isMerge ? (await Lines(http, view.Change.Id, BulkState.Open, 0, MostMerged, ct)).FindAll(line => line.Name.Length > 0) : [],
    };

    /// <summary>What a wish would do; what is wrong with it is shown beside the form.</summary>
    public async Task<BulkView> Preview(HttpContext http, BulkView view, BulkWish wish, CancellationToken ct)
    {
        try
        {
            var preview = await run.Preview(view.Change with { Wish = wish }, ct);
            return view with { Wish = wish, Preview = preview };
        }
        catch (RuleException wrong)
        {
            return await Plan(http, view, wish, false, ct) with { Fault = texts[wrong.Code, [.. wrong.Args]] };
        }
    }

    /// <summary>One that ended, with some of its customers.</summary>
    public async Task<BulkView> Ended(HttpContext http, BulkView view, BulkState? state, long after, CancellationToken ct)
    {
        var shown = state ?? (view.Counts.LeftOut > 0 ? BulkState.LeftOut : BulkState.Done);
        var lines = await Lines(http, view.Change.Id, shown, after, MostLines + 1, ct);
        return view with { Shown = shown, Lines = [.. lines.Take(MostLines)], Next = lines.Count > MostLines ? lines[MostLines - 1].Id : null };
    }

    private async Task<List<BulkLine>> Lines(HttpContext http, long id, BulkState state, long after, int most, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var viewer = Viewer.Of(http);
        string Name(string table) => $"(select case when c.name <> '' then c.name else c.number end from {table} c where c.id = r.customer_id and {viewer.Sql("c")})";
        return await connection.Rows($"select r.customer_id, coalesce({Name(CustomerApi.Table)}, {Name(Bin.BinnedCustomer.Table)}, ''), r.reason from {BulkChange.Rows} r where r.bulk_id = @id and r.state = @state and r.customer_id > @after order by r.customer_id limit {most}",
            row => new BulkLine(row.GetInt64(0), row.GetString(1), row.TextOrNull(2)), ct, [("id", id), ("state", state), ("after", after), .. viewer.Parameters]);
    }
}
