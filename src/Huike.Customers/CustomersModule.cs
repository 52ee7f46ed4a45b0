using Huike.Customers.Addresses;
using Huike.Customers.Bin;
using Huike.Customers.BulkChanges;
using Huike.Customers.Claims;
using Huike.Customers.Consents;
using Huike.Customers.ContactPoints;
using Huike.Customers.Contracts;
using Huike.Customers.Duplicates;
using Huike.Customers.Erasures;
using Huike.Customers.Exports;
using Huike.Customers.Files;
using Huike.Customers.Find;
using Huike.Customers.Funnels;
using Huike.Customers.Imports;
using Huike.Customers.InvoiceTitles;
using Huike.Customers.Ledger;
using Huike.Customers.Merges;
using Huike.Customers.NextSteps;
using Huike.Customers.Notes;
using Huike.Customers.Notices;
using Huike.Customers.OneVoice;
using Huike.Customers.Parts;
using Huike.Customers.People;
using Huike.Customers.PermissionStages;
using Huike.Customers.PhoneBooks;
using Huike.Customers.PhoneCards;
using Huike.Customers.Pools;
using Huike.Customers.Processing;
using Huike.Customers.Products;
using Huike.Customers.Relations;
using Huike.Customers.Relationships;
using Huike.Customers.Retention;
using Huike.Customers.Rules;
using Huike.Customers.Stages;
using Huike.Customers.SubjectRequests;
using Huike.Customers.Tags;
using Huike.Customers.Timeline;
using Huike.Customers.Unknowns;
using Huike.Customers.Views;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Approvals;
using Huike.Platform.Audit;
using Huike.Platform.Backup;
using Huike.Platform.Events;
using Huike.Platform.Fields;
using Huike.Platform.Files;
using Huike.Platform.Jobs;
using Huike.Platform.Notifications;
using Huike.Platform.Retention;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Customers;

/// <summary>客户: the customer file, the ledger of what they bought, the products in it, and where they stand.</summary>
public static class CustomersModule
{
    /// <summary>Adds the module.</summary>
    public static IServiceCollection AddCustomers(this IServiceCollection services)
    {
        services.AddRecordKind(CustomerPermissions.Records).AddPermissions(CustomerPermissions.Import, CustomerPermissions.Merge, CustomerPermissions.ContactRules, CustomerPermissions.ShareViews, ProductPermissions.Read, ProductPermissions.Edit);
        services.AddCustomerRoles();
        services.AddSingleton<IStandings, Standings>().AddSingleton<ICustomerNames, Customers.CustomerNames>().AddSingleton<ITerritories, Territories>();
        services.AddScoped<LoadTransactions>().AddScoped<LoadFiles>().AddScoped<UndoLoad>();
        services.AddLists();
        services.AddScoped<Loads>().AddScoped<ILoads, RunFiles>();
        services.AddScoped<EndLoad>().AddScoped<CancelLoad>().AddScoped<IJobWorker, LoadJob>().AddScoped<ILedgerListener, TellOfLoad>();
        services.AddSingleton<Remembered>().AddScoped(typeof(Shown<>));
        services.AddScoped<CustomerList>().AddScoped<AddCustomer>().AddScoped<EditCustomer>().AddScoped<AssignCustomer>().AddScoped<RemoveCustomer>().AddScoped<RevealField>().AddScoped<ShowFile>().AddScoped<FileSharing>().AddScoped<FileSurroundings>().AddScoped<ChangeByProgram>().AddScoped<OneChange>().AddScoped<ChangeMany>();
        services.AddScoped<Palette>().AddScoped<FoundNotes>().AddScoped<AddNote>().AddScoped<AddNextStep>().AddScoped<FinishNextStep>().AddScoped<PinStage>().AddScoped<ChangeContacts>().AddScoped<SetReach>();
        services.AddScoped<WriteOnFile>().AddScoped<TagCustomer>().AddScoped<ChangeFormerNames>().AddScoped<ChangePeople>().AddScoped<ChangeRelations>().AddScoped<ChangeAddresses>().AddScoped<ChangeInvoiceTitles>().AddScoped<TellBirthdays>();
        services.AddScoped<ReceiveFiles>().AddScoped<CorrectLoad>();
        services.AddScoped<ProductList>().AddScoped<EditProduct>().AddScoped<LoadCosts>().AddScoped<ProductWords>();
        services.AddSingleton(Audited.Customers).AddSingleton(Audited.Loads).AddSingleton(Audited.Mappings).AddSingleton(Audited.Products);
        services.AddSingleton(new CustomerPanel(typeof(FilesPanel), 250, Wide: false));
        services.AddScoped<IRebuilt, RebuildSearch>().AddScoped<IJobWorker, RebuildSearch>().AddSingleton(new LeftOut(SearchRows.Customers.Table)).AddSingleton(new LeftOut(SearchRows.Notes.Table)).AddSingleton(new IdFloor("customers_customer", "customers_id_floor"));
        services.AddSingleton(new KeptOnDisk("loads")).AddSingleton(new KeptOnDisk(ErasureList.FileName, IsList: true));
        services.AddPrivacy();
        services.AddCustomerWebhooks();
        services.AddFieldedKind(CustomerFields.Kind).AddScoped<IFieldWords, CustomerFields>().AddFieldedKind(Product.Fielded);
        services.AddSingleton(AddCustomer.Numbers);
        services.AddCustomerNotices();
        services.AddCustomerRules();
        services.AddScoped<MoveRows>().AddScoped<MergedLinks>().AddScoped<MergeParts>().AddScoped<MergeCustomers>().AddScoped<UndoMerge>().AddScoped<ShowMerge>().AddSingleton<IFollowRecords, FollowMerges>();
        services.AddParts();
        services.AddScoped<BeginContact>().AddScoped<TellContact>();
        services.AddSettings<ContactRules>(CustomerPermissions.ContactRules).AddSingleton(new AuditedKind(nameof(ContactRules), "customers.contactRules.title", ContactRulesEndpoints.Path, "customers.contactRules.", "customers."));
        services.AddSingleton(new Place("contact-rules", "customers.contactRules.title", ContactRulesEndpoints.Path, "phone-call", CustomerPermissions.ContactRules, 947));
        services.AddSingleton(new Place("customers", "customers.list.title", "/customers", "users", CustomerPermissions.Read, 200, 'c'));
        services.AddSingleton(new Place("products", "products.list.title", ProductQuery.Path, "package", ProductPermissions.Read, 210, 'p'));
        services.AddSingleton(new Place("imports", "load.list.title", "/imports", "upload", CustomerPermissions.Import, 800, 'i'));
        return services;
    }

    private static void AddParts(this IServiceCollection services)
    {
        services.AddBulkChanges();
        services.AddDuplicates();
        services.AddClaims();
        services.AddRelationships();
        services.AddViews();
        services.AddPermissionStages();
        services.AddFunnel();
        services.AddPools();
        services.AddUnknowns();
        services.AddPhoneBooks();
        services.AddTimeline();
        services.AddExports();
    }

    /// <summary>导出: what leaves as a file.</summary>
    private static void AddExports(this IServiceCollection services)
    {
        services.AddPermissions(CustomerPermissions.Exports, CustomerPermissions.ExportRules);
        services.AddScoped<IExported, ExportedCustomers>().AddScoped<IExported, ExportedConsents>().AddScoped<IExported, ExportedHands>().AddScoped<ExportViewer>();
        services.AddScoped<PlanExport>().AddScoped<BeginExport>().AddScoped<WriteExport>().AddScoped<TakeExport>().AddScoped<DownloadExport>().AddScoped<MakeExport>().AddScoped<ExportWork>().AddScoped<IJobWorker, ExportJob>();
        services.AddScoped<ShowExports>().AddScoped<ExportPages>().AddScoped<ChangeExportRules>().AddScoped<RuleWords>().AddScoped<IRetention, ExpiredExports>().AddOldRows(new("exports", new(3, PeriodUnit.Years), Export.Table, "asked_at < @before and state not in (0, 1)"));
        services.AddEventHandler<ApprovalDecided, DecideExport>("customers.decide-export").AddNoticeKind(ExportWork.Told, mail: MailWay.AtOnce);
        services.AddSingleton(Export.Audited).AddSingleton(ExportRulesEndpoints.Audited);
        services.AddSingleton(new Place("exports", "exports.list.title", Export.Path, "download", CustomerPermissions.Export, 805)).AddSingleton(new Place("export-rules", "exports.rules.title", ExportRulesEndpoints.Path, "list-checks", CustomerPermissions.ExportRules, 946));
    }

    /// <summary>Maps the module's pages and routes.</summary>
    public static void MapCustomers(this IEndpointRouteBuilder routes)
    {
        routes.MapCustomerPages();
        routes.MapCustomerFile();
        routes.MapContactPoints();
        routes.MapTags();
        routes.MapPeople();
        routes.MapAddresses();
        routes.MapInvoiceTitles();
        routes.MapRelations();
        routes.MapOwnership();
        routes.MapFiles(CustomerFiles.Owner);
        routes.MapMerges();
        routes.MapMergeApi();
        routes.MapVoice();
        routes.MapThreads();
        routes.MapVoiceApi();
        routes.MapContactRules();
        routes.MapDuplicates();
        routes.MapClaims();
        routes.MapRelationships();
        routes.MapViews();
        routes.MapRelationshipRules();
        routes.MapRelationshipApi();
        routes.MapLoads();
        routes.MapProducts();
        routes.MapCustomerApi();
        routes.MapContactApi();
        routes.MapNoteApi();
        routes.MapNextStepApi();
        routes.MapProductApi();
        routes.MapProcessing();
        routes.MapConsents();
        routes.MapPermissionStages();
        routes.MapConsentLedger();
        routes.MapFunnel();
        routes.MapPools();
        routes.MapUnknowns();
        routes.MapBulk();
        routes.MapFurther();
    }

    private static void MapFurther(this IEndpointRouteBuilder routes)
    {
        routes.MapSubjectRequests();
        routes.MapPhoneBooks();
        routes.MapCards();
        routes.MapExports();
    }

    /// <summary>批量与回收站: what is done to many customers at once, and those who were removed.</summary>
    private static void AddBulkChanges(this IServiceCollection services)
    {
        services.AddPermissions(CustomerPermissions.Bulk, CustomerPermissions.Purge);
        services.AddScoped<IBulkVerb, SetFields>().AddScoped<IBulkVerb, AssignOwners>().AddScoped<IBulkVerb, ChangeTags>().AddScoped<IBulkVerb, MoveToBin>();
        services.AddScoped<BeginBulk>().AddScoped<CancelBulk>().AddScoped<RunBulk>().AddScoped<ShowBulk>().AddScoped<IJobWorker, BulkJob>();
        // With the old values: for as long as it can be undone.
        services.AddOldRows(new("bulkChanges", new(14, PeriodUnit.Days), BulkChange.Table, "created_at < @before and (finished_at is not null or job_id is null)"));
        services.AddScoped<PutInBin>().AddScoped<TakeFromBin>().AddScoped<RestoreCustomer>().AddScoped<EmptyBin>().AddScoped<IRetention>(provider => provider.GetRequiredService<EmptyBin>()).AddScoped<BinEndpoints.Reader>();
        services.AddEventHandler<LedgerLoaded, RestoreBuyers>("customers.restore-buyers");
        services.AddSingleton(BulkChange.Audited);
        services.AddSingleton(new Place("bin", "customers.bin.title", BinnedCustomer.Path, "trash-2", CustomerPermissions.Delete, 207));
    }

    /// <summary>客户名单: lists of customers as files.</summary>
    private static void AddLists(this IServiceCollection services) =>
        services.AddScoped<LoadCustomers>().AddScoped<LoadChecks>().AddScoped<WriteCustomers>().AddScoped<WriteParts>().AddScoped<UndoParts>().AddScoped<AddColumns>();

    /// <summary>长期档案: the timeline.</summary>
    private static void AddTimeline(this IServiceCollection services)
    {
        services.AddSingleton<CustomerTimeline>().AddScoped<TellMentioned>().AddNoticeKind(TellMentioned.Kind, mail: MailWay.Digest);
    }

    /// <summary>查重: customers who may be the same.</summary>
    private static void AddDuplicates(this IServiceCollection services)
    {
        services.AddPermissions(DuplicatePermissions.Review, DuplicatePermissions.Rules);
        services.AddScoped<FindTwins>().AddScoped<ImportTwins>().AddScoped<DuplicatePairs>().AddScoped<FileDuplicates>().AddScoped<IJobWorker, CompareCustomers>().AddHostedService<NightlyComparison>();
        services.AddSettings<DuplicateRules>(DuplicatePermissions.Rules).AddSingleton(new AuditedKind(nameof(DuplicateRules), "duplicates.rules.title", DuplicateEndpoints.RulesPath, "duplicates.rules.", "duplicates."));
        services.AddSingleton(new CustomerPanel(typeof(DuplicatesPanel), 240, Wide: false));
        services.AddSingleton(new Place("duplicates", "duplicates.list.title", DuplicateEndpoints.Path, "merge", DuplicatePermissions.Review, 205)).AddSingleton(new Place("duplicate-rules", "duplicates.rules.title", DuplicateEndpoints.RulesPath, "list-checks", DuplicatePermissions.Rules, 948));
    }

    /// <summary>视图: lists under a name, and how they are shown.</summary>
    private static void AddViews(this IServiceCollection services)
    {
        services.AddScoped<ChangeViews>().AddScoped<ShowList>().AddScoped<ListNames>().AddScoped<GroupFigures>().AddScoped<Board>().AddScoped<Cards>().AddScoped<ReadCell>().AddScoped<ViewAnswer>();
        services.AddSingleton(ChangeViews.Audited);
    }

    /// <summary>撞单: whose a customer is.</summary>
    private static void AddClaims(this IServiceCollection services)
    {
        services.AddScoped<RaiseClaim>().AddScoped<DecideClaim>();
        services.AddNoticeKind(RaiseClaim.Raised, mail: MailWay.Digest).AddNoticeKind(DecideClaim.Decided, mail: MailWay.Digest);
        services.AddSingleton(new Place("claims", "claims.list.title", ClaimEndpoints.Path, "scale", CustomerPermissions.Read, 206));
    }

    /// <summary>通知: what users are told of customers, loads and requests.</summary>
    private static void AddCustomerNotices(this IServiceCollection services)
    {
        services.AddNoticeKind(TellNewOwner.Kind, mail: MailWay.Digest).AddNoticeKind(TellWhatIsDue.StepDue, mail: MailWay.Digest).AddNoticeKind(TellWhatIsDue.RequestDue, mail: MailWay.AtOnce).AddNoticeKind(EndLoad.NoticeKind).AddNoticeKind(TellBirthdays.Kind, mail: MailWay.Digest);
        services.AddSingleton<INameRecords, NameCustomers>().AddEventHandler<CustomerAssigned, TellNewOwner>("customers.tell-owner");
        services.AddNoticeKind(TellOfMerge.Kind, mail: MailWay.Digest).AddEventHandler<CustomersMerged, TellOfMerge>("customers.tell-merged");
        services.AddScoped<IJobWorker, TellWhatIsDue>().AddHostedService<EveryMorning>();
    }

    /// <summary>个人信息: register, consents, requests, erasures, and what is not kept for ever.</summary>
    private static void AddPrivacy(this IServiceCollection services)
    {
        services.AddScoped<Register>().AddScoped<SavePurpose>().AddScoped<PublishText>().AddScoped<ReadTexts>().AddScoped<RecordConsent>().AddScoped<ConsentCard>().AddScoped<ConsentLedger>().AddScoped<ReadLedgerPage>();
        services.AddScoped<OpenRequest>().AddScoped<AnswerRequest>().AddScoped<CopyRecords>().AddScoped<RequestEndpoints.Answer>();
        services.AddSingleton<ErasureList>().AddScoped<LoadedTraces>().AddScoped<ErasurePlan>().AddScoped<ErasedBeside>().AddScoped<EraseCustomer>().AddScoped<IErasures, ReplayErasures>();
        foreach (var records in OwnRecords.All) { services.AddSingleton(records); }
        // Files first: an erasure then looks through fewer of them.
        services.AddScoped<IRetention, OldLoadFiles>().AddScoped<IRetention, WithdrawnProofs>().AddScoped<IRetention, IdleCustomers>().AddScoped<IRetention, ErasedTraces>();
        services.AddSingleton(new CustomerPanel(typeof(ConsentPanel), 300, Wide: false));
        services.AddSettings<RequestRules>(PrivacyPermissions.Settings, (rules, field) => field != "unit" ? null : rules.Unit == ClockUnit.Days ? "privacy.unit.days" : "privacy.unit.working-days");
        services.AddSingleton(Audited.Requests).AddSingleton(Audited.Purposes).AddSingleton(new AuditedKind(nameof(RequestRules), "privacy.audit.rules", RequestEndpoints.Path, "privacy.rules.", "privacy."));
        services.AddSingleton(new Place("consents", "privacy.ledger.title", ConsentLedgerEndpoints.Path, "file-text", CustomerPermissions.Read, 206));
        services.AddSingleton(new Place("requests", "privacy.request.title", RequestEndpoints.Path, "inbox", PrivacyPermissions.Requests, 960, 'q'));
        services.AddSingleton(new Place("processing", "privacy.processing.title", ProcessingEndpoints.Path, "list-checks", PrivacyPermissions.Settings, 970, 'x'));
        services.AddSingleton(new Place("consent-texts", "privacy.text.title", ConsentEndpoints.Path, "file-text", PrivacyPermissions.Settings, 975, 'b'));
    }
}
