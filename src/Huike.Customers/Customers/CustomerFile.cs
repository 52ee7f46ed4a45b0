using Huike.Customers.Addresses;
using Huike.Customers.ContactPoints;
using Huike.Customers.Contracts;
using Huike.Customers.Erasures;
using Huike.Customers.InvoiceTitles;
using Huike.Customers.OneVoice;
using Huike.Customers.People;
using Huike.Customers.Processing;
using Huike.Customers.Relations;
using Huike.Customers.Stages;
using Huike.Customers.Tags;
using Huike.Customers.Timeline;
using Huike.Platform;
using Huike.Platform.Access.Organisation;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Shares;
using Huike.Platform.Data;

namespace Huike.Customers;

/// <summary>A next step that is still open.</summary>
internal sealed record OpenStep(long Id, string What, DateTimeOffset DueAt, string CreatedBy);

/// <summary>With whom a file is shared, with whom it could be, and for what.</summary>
internal sealed record FileShares(IReadOnlyList<Share> Now, IReadOnlyList<PlacedUnit> Units, IReadOnlyList<Person> People, IReadOnlyList<Purpose> Purposes);

/// <summary>客户档案: what the page of one customer shows.</summary>
/// <param name="Facts">File and standing.</param>
/// <param name="Pin">A stage pinned by hand; null where there is none.</param>
/// <param name="Stages">The dated history, newest first; the last twelve steps.</param>
/// <param name="Steps">Open next steps, the most urgent first.</param>
/// <param name="Timeline">A page of it.</param>
internal sealed record CustomerFile(CustomerFacts Facts, StagePin? Pin, IReadOnlyList<StageStep> Stages, IReadOnlyList<OpenStep> Steps, TimelinePage Timeline)
{
    /// <summary>Language, currency and zone.</summary>
    public required ListWording Words { get; init; }

    /// <summary>Parts of other modules, in their order.</summary>
    public IReadOnlyList<CustomerPanel> Panels { get; init; } = [];

    /// <summary>Who looks after the customer, and in which unit; null where nobody does.</summary>
    public required (long? Id, string? Name, string? Unit) Owner { get; init; }

    /// <summary>Who looks.</summary>
    public required Viewer Viewer { get; init; }

    /// <summary>What the visitor may do with this customer.</summary>
    public IReadOnlySet<RecordAction> May { get; init; } = new HashSet<RecordAction>();

    /// <summary>Whether the visitor may change anything.</summary>
    public bool MayEdit => May.Contains(RecordAction.Edit);

    /// <summary>Whether the visitor may make one file of this and another one.</summary>
    public bool MayMerge { get; init; }

    /// <summary>With whom the file is shared; null where the visitor may not share it.</summary>
    public FileShares? Shares { get; init; }

    /// <summary>Address of the inspector; null where the visitor may not ask it.</summary>
    public string? WhyHref { get; init; }

    /// <summary>Who of us spoke to the customer last, and who is about to.</summary>
    public required Voice Voice { get; init; }

    /// <summary>What speaks against a contact that was just to begin; null: nothing.</summary>
    public ContactHindrance? Against { get; init; }

    /// <summary>From where on the page looks on; empty where that is not known.</summary>
    public string LiveSince { get; init; } = "";

    /// <summary>A field that was just revealed, and its value.</summary>
    public (string Field, string Value)? Revealed { get; init; }

    /// <summary>Phones, mail addresses and WeChat ids, as the visitor may see them.</summary>
    public required IReadOnlyList<ContactPoint> Contacts { get; init; }

    /// <summary>Addresses, as the visitor may see them.</summary>
    public IReadOnlyList<Address> Addresses { get; init; } = [];

    /// <summary>Invoice titles, as the visitor may see them.</summary>
    public IReadOnlyList<InvoiceTitle> InvoiceTitles { get; init; } = [];

    /// <summary>Contacts, as the visitor may see them.</summary>
    public IReadOnlyList<Contact> People { get; init; } = [];

    /// <summary>How the customer stands to others.</summary>
    public IReadOnlyList<Relation> Relations { get; init; } = [];

    /// <summary>Names that the customer went by.</summary>
    public IReadOnlyList<FormerName> FormerNames { get; init; } = [];

    /// <summary>Tags that the firm uses.</summary>
    public IReadOnlyList<string> OfferedTags { get; init; } = [];

    /// <summary>The person behind it was erased.</summary>
    public required bool IsErased { get; init; }

    /// <summary>Address of what happened to the file; null where the visitor may not see it.</summary>
    public string? HistoryHref { get; init; }

    /// <summary>The present instant.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Which entries the timeline shows.</summary>
    public required TimelineFilter Filter { get; init; }

    /// <summary>Views of the timeline: name in the address, and text key.</summary>
    public required IReadOnlyList<(string Kind, string Name)> Views { get; init; }

    /// <summary>Shown names of colleagues who were just mentioned, may not see the customer and were told nothing.</summary>
    public IReadOnlyList<string> Untold { get; init; } = [];

    /// <summary>Who of us stands on the timeline.</summary>
    public required IReadOnlyList<string> Authors { get; init; }

    public string Name => IsErased ? Words.Texts["privacy.erased.name", Facts.Listed.Number] : Facts.Listed.Name.Length > 0 ? Facts.Listed.Name : Facts.Listed.Number;

    /// <exception cref="RuleException"><c>customers.customer.unknown</c>.</exception>
    public static async Task<CustomerFile> Read(Database database, long id, (CustomerTimeline Timeline, TimelineFilter Filter) told, ListWording words, Viewer viewer, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var facts = await CustomerFacts.Find(connection, id, ct) ?? throw new RuleException("customers.customer.unknown", id);
        var stages = await connection.Rows("select since_at, stage from customers_stage where customer_id = @id order by since_at desc, stage desc limit 12",
            row => new StageStep(id, row.At(0), (BuyingStage)row.GetInt16(1)), ct, ("id", id));
        var steps = await connection.Rows("select id, what, due_at, created_by from customers_next_step where customer_id = @id and done_at is null order by due_at, id limit 50",
            row => new OpenStep(row.GetInt64(0), row.GetString(1), row.At(2), row.GetString(3) is { Length: > 0 } by ? by : words.Texts["relationship.plan.by"]), ct, ("id", id));
        var erased = await ErasedNumbers.ErasedAt(connection, id, ct) is not null;
        return new(viewer.Veil(facts), await StagePin.Find(connection, StageMachine.Buying, id, now, ct), stages, steps, await told.Timeline.Page(connection, id, told.Filter, viewer, ct))
        {
            Words = words,
            Viewer = viewer,
            Contacts = [.. (await ContactPoint.Of(connection, id, ct)).Select(viewer.Veil)],
            InvoiceTitles = [.. (await InvoiceTitle.Of(connection, id, ct)).Select(title => title.For(viewer))],
            Addresses = [.. (await Address.Of(connection, id, ct)).Select(address => address.For(viewer))],
            People = [.. (await Contact.Of(connection, id, viewer, ct)).Select(person => person.For(viewer))],
            Relations = await Relation.Of(connection, id, viewer, ct),
            FormerNames = await FormerName.Of(connection, id, ct),
            OfferedTags = viewer.SeesInternal ? await Tag.Offered(connection, ct) : [],
            IsErased = erased,
            Owner = await connection.First("select c.owner_id, coalesce(nullif(p.display_name, ''), p.user_name), u.name from customers_customer c left join platform_user p on p.id = c.owner_id left join platform_unit u on u.id = c.unit_id where c.id = @id",
                row => (row.IsDBNull(0) ? (long?)null : row.GetInt64(0), row.TextOrNull(1), row.TextOrNull(2)), ct, ("id", id)),
            Voice = await Voice.Read(connection, id, now, ct),
            Now = now,
            Filter = told.Filter,
            Views = told.Timeline.Views(viewer),
            Authors = await CustomerTimeline.People(connection, id, viewer, ct),
        };
    }
}
