using Huike.Customers.Addresses;
using Huike.Customers.BulkChanges;
using Huike.Customers.Claims;
using Huike.Customers.Consents;
using Huike.Customers.ContactPoints;
using Huike.Customers.Contracts;
using Huike.Customers.InvoiceTitles;
using Huike.Customers.Merges;
using Huike.Customers.OneVoice;
using Huike.Customers.People;
using Huike.Customers.PermissionStages;
using Huike.Customers.Pools;
using Huike.Customers.Relations;
using Huike.Customers.Relationships;
using Huike.Customers.Relationships.Bonds;
using Huike.Customers.SubjectRequests;

namespace Huike.Customers.Erasures;

/// <summary>What this module and the platform beneath it keep of a customer.</summary>
internal static class OwnRecords
{
    public const string File = "file";
    public const string Audit = "audit";

    private const string AboutCustomer = "subject_kind = 'customers' and subject_id = @id";
    private const string OfAccount = "user_id in (select id from platform_user where customer_id = @id)";

    private const string OfCustomer = "record_kind = 'customers' and record_id = @id";

    private static readonly MergeMove OfRecord = new() { Column = "record_id", Where = "record_kind = 'customers'" };
    private static readonly MergeMove Computed = new() { Key = "customer_id", IsSetAside = true };
    private static readonly PersonalColumn CreatedAt = new("createdAt", "created_at", PersonalValue.Instant);
    private static readonly PersonalColumn CreatedBy = new("createdBy", "created_by");

    public static IReadOnlyList<PersonalRecords> All { get; } =
    [
        // The erasure writes the file itself, with its search entry.
        new(File, "customers_customer", PersonalFate.Emptied, new("number", "number"), new("name", "name"), new("kind", "kind", Names: typeof(CustomerKind)), new("phone", "phone"), new("email", "email"),
            new("category", "category"), new("place", "place"), new("address", "address"), new("creditCode", "credit_code"), new("contact", "contact"), new("remark", "remark"), new("specialRequirements", "requirements"), new("purchaseCharacteristics", "buying"), new("custom", "custom"),
            new("preferredChannel", "reach_channel", Names: typeof(ReachChannel)), new("preferredDays", "reach_days"), new("preferredFromMinute", "reach_from"), new("preferredToMinute", "reach_to"), CreatedAt)
            { Where = "id = @id", Merge = new() { Column = "id", IsSetAside = true }, Binned = ["id"] },
        new("transactions", "customers_transaction as t left join customers_product p on p.id = t.product_id", PersonalFate.KeptByLaw, new("at", "t.at", PersonalValue.Instant), new("document", "t.document"),
            new("productCode", "p.code"), new("product", "p.name"), new("quantity", "t.quantity", PersonalValue.Amount), new("price", "t.price", PersonalValue.Amount), new("amount", "t.amount", PersonalValue.Amount),
            new("return", "t.is_return", PersonalValue.Flag), new("currency", "t.currency"), new("place", "t.place")) { Where = "t.customer_id = @id", Order = "order by t.at, t.id" },
        new("contactPoints", ContactPoint.Table, PersonalFate.Erased, new("kind", "kind", Names: typeof(ContactKind)), new("use", "usage", Names: typeof(ContactUse)), new("value", "value"), new("written", "raw"), new("label", "label"),
            new("preferred", "is_preferred", PersonalValue.Flag), CreatedAt, CreatedBy) { Order = "order by kind, id", Merge = new() { Twin = "b.kind = a.kind and b.value = a.value", Flag = "is_preferred", FlagWithin = "kind", MadeAt = "created_at" } },
        new("tags", "customers_tagged as g join customers_tag t on t.id = g.tag_id", PersonalFate.Erased, new("tag", "t.name"), new("createdAt", "g.created_at", PersonalValue.Instant), new("createdBy", "g.created_by")) { Where = "customer_id = @id", Order = "order by g.id", Merge = new() { Twin = "b.tag_id = a.tag_id" } },
        new("formerNames", "customers_former_name", PersonalFate.Erased, new PersonalColumn("name", "name")) { Order = "order by id", Merge = new() { Twin = "b.name = a.name" } },
        new("addresses", Address.Table, PersonalFate.Erased, new("use", "usage", Names: typeof(AddressUse)), new("recipient", "recipient"), new("phone", "phone"), new("address", "text"), new("postcode", "postcode"), new("preferred", "is_preferred", PersonalValue.Flag), CreatedAt, CreatedBy) { Order = "order by id", Merge = new() { Flag = "is_preferred", MadeAt = "created_at" } },
        new("invoiceTitles", InvoiceTitle.Table, PersonalFate.Erased, new("kind", "kind", Names: typeof(InvoiceKind)), new("name", "name"), new("taxNumber", "tax_number"), new("address", "address"), new("phone", "phone"), new("bank", "bank"), new("account", "account"), new("email", "email"), new("mobile", "mobile"),
            new("preferred", "is_preferred", PersonalValue.Flag), CreatedAt, CreatedBy) { Order = "order by id", Merge = new() { Twin = "b.name = a.name and b.tax_number = a.tax_number", Flag = "is_preferred", MadeAt = "created_at" } },
        // Who has a post elsewhere stays; of all others the posts go with the person.
        new("people", "customers_person", PersonalFate.Erased, new PersonalColumn("name", "name")) { Where = Contact.Alone, Merge = null },
        new("posts", "customers_post as t left join customers_person p on p.id = t.person_id", PersonalFate.Erased, new("name", "p.name"), new("role", "t.role", Names: typeof(PostRole)), new("title", "t.title")) { Where = "customer_id = @id", Order = "order by t.id", Merge = new() { Twin = "b.person_id = a.person_id", Flag = "is_main", MadeAt = "created_at" } },
        new("relations", "customers_relation", PersonalFate.Erased, new("kind", "kind", Names: typeof(RelationKind)), new("since", "since_on"), new("until", "until_on"), new("note", "note"), CreatedAt, CreatedBy)
        {
            Where = "(customer_id = @id or other_id = @id)",
            Order = "order by id",
            Merge = new() { Apart = "a.other_id = @survivor", Twin = "b.other_id = a.other_id and b.kind = a.kind" },
            AlsoMerge = new() { Column = "other_id", Apart = "a.customer_id = @survivor", Twin = "b.customer_id = a.customer_id and b.kind = a.kind" },
        },
        new("notes", "customers_note", PersonalFate.Erased, new("text", "body"), new("kind", "kind", Names: typeof(InteractionKind)), new("side", "direction", Names: typeof(InteractionSide)), new("at", "at", PersonalValue.Instant), new("tone", "tone"), CreatedAt, CreatedBy) { Order = "order by id" },
        new("relationship", "customers_relationship", PersonalFate.Erased, new("type", "type", Names: typeof(RelationshipType)), new("reason", "reason"), CreatedAt, CreatedBy) { Merge = new() { Twin = "1 = 1" } },
        new("bonds", Bond.Table, PersonalFate.Erased, new("kind", "kind", Names: typeof(BondKind)), new("what", "what"), new("since", "since_on"), CreatedAt, CreatedBy) { Order = "order by id", Merge = new() { MadeAt = "created_at" } },
        new("retentionPlan", "customers_retention_plan", PersonalFate.Erased, new("goal", "goal"), new("nextBond", "next_bond", Names: typeof(BondKind)), new("review", "review_on"), CreatedAt, CreatedBy) { Merge = new() { Twin = "1 = 1" } },
        new("moments", Moment.Table, PersonalFate.Erased, new("kind", "kind", Names: typeof(MomentKind)), new("at", "at", PersonalValue.Instant), new("what", "what"), new("reaction", "reaction"), new("tone", "tone"), new("who", "who"), CreatedAt, CreatedBy) { Order = "order by id", Merge = new() { MadeAt = "created_at" } },
        new("contactClaim", "customers_contact_claim", PersonalFate.Erased, new PersonalColumn("at", "at", PersonalValue.Instant)) { Merge = null, Binned = ["customer_id"] },
        // Who else was taken for the person is nothing of the person's own.
        new("duplicates", "customers_duplicate", PersonalFate.Erased, new("score", "score"), new("foundAt", "found_at", PersonalValue.Instant)) { Where = "(a_id = @id or b_id = @id)", Order = "order by id", Merge = null, Binned = ["a_id", "b_id"] },
        new("claims", Claim.Table, PersonalFate.Emptied, new("named", "named"), new("evidence", "evidence"), new("raisedAt", "raised_at", PersonalValue.Instant), new("outcome", "outcome", Names: typeof(ClaimOutcome)), new("reason", "reason"), new("decidedAt", "decided_at", PersonalValue.Instant), new("decidedBy", "decided_by"))
            { Order = "order by id", Emptying = "named = '', evidence = '', reason = ''", Holding = "(named <> '' or evidence <> '' or reason <> '')", Merge = new() { Twin = "b.claimant_id = a.claimant_id and b.outcome = 0 and a.outcome = 0", MadeAt = "raised_at" }, Binned = ["customer_id"] },
        new("hands", Hand.Table, PersonalFate.Emptied, new("at", "at", PersonalValue.Instant), new("by", "by"), new("cause", "cause", Names: typeof(HandCause)), new("since", "since_on"), new("reason", "reason")) { Order = "order by at, id", Emptying = "reason = ''", Holding = "reason <> ''", Binned = ["customer_id"] },
        new("extensions", Extension.Table, PersonalFate.Emptied, new("askedAt", "asked_at", PersonalValue.Instant), new("reason", "reason"), new("state", "state", Names: typeof(ExtensionState)), new("until", "until_on"), new("answer", "answer")) { Order = "order by id", Emptying = "reason = '', answer = ''", Holding = "(reason <> '' or answer <> '')", Merge = new() { Twin = "b.state = 0 and a.state = 0" }, Binned = ["customer_id"] },
        new("phoneCards", "customers_card_kept", PersonalFate.Erased, new PersonalColumn("card", "body")) { Order = "order by id" },
        new("nextSteps", "customers_next_step", PersonalFate.Erased, new("what", "what"), new("dueAt", "due_at", PersonalValue.Instant), new("doneAt", "done_at", PersonalValue.Instant), CreatedAt, CreatedBy) { Order = "order by id" },
        new("changes", "customers_change", PersonalFate.Erased, new("field", "field"), new("old", "old_value"), new("new", "new_value"), CreatedAt, CreatedBy) { Order = "order by id" },
        new("stagePin", "customers_stage_pin", PersonalFate.Erased, new("stage", "stage", Names: typeof(BuyingStage)), new("reason", "reason"), new("until", "until_at", PersonalValue.Instant), CreatedAt, CreatedBy) { Merge = new() { Key = "customer_id", IsSetAside = true } },
        new("permissionPin", "customers_permission_pin", PersonalFate.Erased, new("stage", "stage", Names: typeof(PermissionStage)), new("reason", "reason"), new("until", "until_at", PersonalValue.Instant), CreatedAt, CreatedBy) { Merge = Computed },
        new("permissionStages", "customers_permission_step", PersonalFate.Erased, new("stage", "stage", Names: typeof(PermissionStage)), new("since", "since_at", PersonalValue.Instant)) { Order = "order by since_at", Merge = Computed },
        new("permissionStage", "customers_permission", PersonalFate.Erased, new("stage", "stage", Names: typeof(PermissionStage)), new("since", "since_at", PersonalValue.Instant)) { Merge = Computed },
        // In the order in which a whole recomputation takes their place: a merge then never waits for it crosswise.
        new("value", "customers_standing", PersonalFate.Anonymous, new("purchases", "purchases"), new("documents", "documents"), new("returns", "returns"), new("sales", "sales", PersonalValue.Amount),
            new("returned", "returned", PersonalValue.Amount), new("contribution", "contribution", PersonalValue.Amount), new("firstAt", "first_at", PersonalValue.Instant), new("lastAt", "last_at", PersonalValue.Instant),
            new("recency", "recency"), new("frequency", "frequency"), new("monetary", "monetary"), new("tier", "tier", Names: typeof(Tier)), new("stage", "stage", Names: typeof(BuyingStage)),
            new("probabilityActive", "active"), new("expectedPurchases", "expected"), new("lifetimeValue", "lifetime", PersonalValue.Amount)) { Merge = Computed },
        new("stages", "customers_stage", PersonalFate.Anonymous, new("stage", "stage", Names: typeof(BuyingStage)), new("since", "since_at", PersonalValue.Instant)) { Order = "order by since_at, stage", Merge = Computed },
        new("consents", "customers_consent as c join customers_purpose p on p.id = c.purpose_id left join customers_consent_text t on t.id = c.text_id", PersonalFate.Emptied, new("purpose", "p.code"),
            new("purposeName", "p.name"), new("channel", "c.channel", Names: typeof(ContactChannel)), new("given", "c.given", PersonalValue.Flag), new("at", "c.at", PersonalValue.Instant), new("way", "c.way", Names: typeof(ConsentWay)),
            new("proof", "c.proof"), new("textVersion", "t.version"), new("textChinese", "t.chinese"), new("textEnglish", "t.english")) { Where = "c.customer_id = @id", Order = "order by c.at, c.id", Emptying = "proof = ''", Holding = "c.proof <> ''" },
        new("requests", "customers_subject_request", PersonalFate.Emptied, new("kind", "kind", Names: typeof(RequestKind)), new("channel", "channel", Names: typeof(ContactChannel)), new("details", "details"),
            new("receivedAt", "received_at", PersonalValue.Instant), new("dueAt", "due_at", PersonalValue.Instant), new("state", "state", Names: typeof(RequestState)), new("answer", "answer"),
            new("answeredAt", "answered_at", PersonalValue.Instant)) { Order = "order by id", Emptying = "details = '', answer = ''", Holding = "(details <> '' or answer <> '')" },
        // What a rule asked about the customer, in words that name him.
        new("approvals", "platform_approval", PersonalFate.Emptied, new("title", "title"), new("reason", "reason"), new("askedAt", "asked_at", PersonalValue.Instant))
            { Merge = new() { Column = "subject_id", Where = "subject_kind = 'customers'" }, Where = AboutCustomer, Order = "order by id", Emptying = "title = '–', reason = ''", Holding = "title <> '–'" },
        new("approvalActs", "platform_approval_act", PersonalFate.Emptied, new("comment", "comment"), new("asked", "asked"), new("at", "at", PersonalValue.Instant))
            { Merge = null, Where = $"approval_id in (select id from platform_approval where {AboutCustomer})", Order = "order by id", Emptying = "comment = '', asked = ''", Holding = "(comment <> '' or asked <> '')" },
        new("attachments", "platform_file", PersonalFate.Erased, new("name", "name"), new("type", "type"), new("size", "size"), new("sha256", "hash"), CreatedAt, CreatedBy) { Where = OfCustomer, Order = "order by id", Merge = OfRecord with { MadeAt = "created_at" } },
        new("shares", "platform_share", PersonalFate.Erased, new("reason", "reason"), new("until", "until_at", PersonalValue.Instant), CreatedAt)
            { Where = OfCustomer, Order = "order by id", Merge = OfRecord with { Twin = "coalesce(b.user_id, 0) = coalesce(a.user_id, 0) and coalesce(b.unit_id, 0) = coalesce(a.unit_id, 0)" } },
        new("answers", "platform_api_key", PersonalFate.Erased, CreatedAt) { Where = OfCustomer, Order = "order by id", Merge = OfRecord },
        new("sessions", "platform_session", PersonalFate.Erased, new("address", "address"), new("browser", "browser"), new("seenAt", "seen_at", PersonalValue.Instant)) { Where = OfAccount, Order = "order by id", Merge = null },
        new("passkeys", "platform_passkey", PersonalFate.Erased, new("name", "name"), CreatedAt) { Where = OfAccount, Order = "order by id", Merge = null },
        new("logins", "platform_user_login", PersonalFate.Erased, new PersonalColumn("provider", "provider_display_name")) { Where = OfAccount, Merge = null },
        // Without a name, a password and all that stands above nobody comes in by it any more.
        new("account", "platform_user", PersonalFate.Emptied, new("name", "user_name"), new("shownName", "display_name"), new("email", "email"))
        {
            Emptying = "user_name = 'erased-' || id, normalized_user_name = 'ERASED-' || id, display_name = '', email = null, normalized_email = null, phone_number = null, password_hash = null",
            Holding = "(password_hash is not null or display_name <> '' or email is not null)",
        },
        new("merges", CustomerMerge.Table, PersonalFate.Emptied, new("number", "number"), new("name", "name"), new("at", "at", PersonalValue.Instant), new("by", "by"))
            { Where = "(customer_id = @id or absorbed_id = @id)", Order = "order by id", Emptying = "number = '', name = '', fields = '[]'", Holding = "name <> ''" },
        new("mergedRows", CustomerMerge.Rows, PersonalFate.Erased, new("records", "name"), new("kept", "kept")) { Where = $"merge_id in (select id from {CustomerMerge.Table} where customer_id = @id or absorbed_id = @id)", Merge = null },
        new("bulkChanges", BulkChange.Rows, PersonalFate.Erased, new PersonalColumn("changes", "changes")) { Merge = null },
        // Emptied by the audit itself, so that its chain holds.
        new(Audit, "platform_audit", PersonalFate.Emptied, new("at", "at", PersonalValue.Instant), new("by", "actor"), new("action", "action"), new("changes", "changes"), new("reason", "reason"))
            { Where = "record_kind = 'customer' and record_id = @id", Order = "order by id", Merge = null },
    ];
}
