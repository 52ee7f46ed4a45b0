using System.Data.Common;
using Huike.Customers.Parts;
using Huike.Platform;
using Huike.Platform.Data;

namespace Huike.Customers.InvoiceTitles;

/// <summary>Adds, changes, prefers and removes invoice titles.</summary>
internal sealed class ChangeInvoiceTitles(WriteOnFile write) : IFileParts<InvoiceTitleInput, InvoiceTitleInput, InvoiceTitleRecord>
{
    private const int Most = 50;

    public static string Unknown => "customers.invoice.unknown";

    public static async Task<IReadOnlyList<InvoiceTitleRecord>> Of(DbConnection connection, long customerId, Viewer viewer, CancellationToken ct) => [.. (await InvoiceTitle.Of(connection, customerId, ct)).Select(one => InvoiceTitleRecord.Of(one.For(viewer)))];

    public Task<long> Add(FileWriter writer, InvoiceTitleInput wanted, IReadOnlySet<string> given, CancellationToken ct) => Add(writer, wanted.On(new(0, InvoiceKind.Organisation, ""), given), FormKey.Read(FormKey.New()), ct);

    public Task<long> Change(FileWriter writer, long id, InvoiceTitleInput wanted, IReadOnlySet<string> given, CancellationToken ct) => Change(writer, id, null, old => wanted.On(old, given), ct);

    /// <returns>Its id; sent twice under one key, it makes one.</returns>
    /// <exception cref="RuleException"><c>access.record.refused</c>, <c>customers.invoice.twice</c>, <c>customers.invoice.many</c>; those of <see cref="WriteOnFile.Run"/>.</exception>
    public Task<long> Add(FileWriter writer, InvoiceTitle wanted, FormKey key, CancellationToken ct) => Within(writer, async (file, all) =>
    {
        if (await file.Connection.Number($"select id from {InvoiceTitle.Table} where form_key = @key", ct, ("key", key.Value)) is > 0 and var earlier) { return earlier; }
        DemandNew(all, wanted);
        if (all.Count >= Most) { throw new RuleException("customers.invoice.many", Most); }
        var id = await file.Connection.Number($"""
            insert into {InvoiceTitle.Table} (customer_id, kind, name, tax_number, address, phone, bank, account, email, mobile, is_preferred, created_at, created_by, version, form_key)
            values (@customer, @kind, @name, @tax, @address, @phone, @bank, @account, @email, @mobile, @no, @at, @by, 1, @key) returning id
            """, ct, [.. Values(wanted), ("customer", file.CustomerId), ("no", false), ("at", file.Now), ("by", writer.By), ("key", key.Value)]);
        if (wanted.IsPreferred || all.Count == 0) { await Prefer(file, id, ct); }
        file.Tell(InvoiceTitle.Field, null, Written(wanted));
        return id;
    }, ct);

    /// <exception cref="RuleException"><c>customers.invoice.unknown</c>, <c>customers.edit.stale</c>, <c>customers.invoice.twice</c>; those of adding.</exception>
    public Task<long> Change(FileWriter writer, long id, int? version, Func<InvoiceTitle, InvoiceTitle> rewrite, CancellationToken ct) => Within(writer, async (file, all) =>
    {
        var old = Find(all, id);
        if (version is { } shown && shown != old.Version) { throw new RuleException("customers.edit.stale"); }
        var wanted = rewrite(old);
        // One is always preferred: another one takes it over, it is never given up.
        var now = wanted with { Id = id, Version = old.Version, IsPreferred = wanted.IsPreferred || old.IsPreferred };
        if (now == old) { return id; }
        DemandNew(all, now);
        await file.Connection.Run($"""
            update {InvoiceTitle.Table} set kind = @kind, name = @name, tax_number = @tax, address = @address, phone = @phone, bank = @bank, account = @account, email = @email, mobile = @mobile, version = version + 1 where id = @id
            """, ct, [.. Values(now), ("id", id)]);
        if (now.IsPreferred && !old.IsPreferred)
        {
            await Prefer(file, id, ct);
            file.Tell("invoiceTitle", all.Find(one => one.IsPreferred)?.Name, now.Name);
        }
        file.Tell(InvoiceTitle.Field, Written(old), Written(now));
        return id;
    }, ct);

    /// <summary>Removes one. Where it was the preferred one, the next takes its place.</summary>
    /// <exception cref="RuleException"><c>customers.invoice.unknown</c>; those of adding.</exception>
    public Task<long> Remove(FileWriter writer, long id, CancellationToken ct) => Within(writer, async (file, all) =>
    {
        var old = Find(all, id);
        await file.Connection.Run($"delete from {InvoiceTitle.Table} where id = @id", ct, ("id", id));
        if (old.IsPreferred && all.Find(one => one.Id != id) is { } next) { await Prefer(file, next.Id, ct); }
        file.Tell(InvoiceTitle.Field, Written(old), null);
        return id;
    }, ct);

    private static InvoiceTitle Find(List<InvoiceTitle> all, long id) => all.Find(one => one.Id == id) ?? throw new RuleException(Unknown);

    private static void DemandNew(List<InvoiceTitle> all, InvoiceTitle wanted)
    {
        if (all.Exists(one => one.Id != wanted.Id && one.Name == wanted.Name && one.TaxNumber == wanted.TaxNumber)) { throw new RuleException("customers.invoice.twice"); }
    }

    private Task<long> Within(FileWriter writer, Func<FileTurn, List<InvoiceTitle>, Task<long>> work, CancellationToken ct)
    {
        if (!writer.Viewer.SeesPersonal) { throw new RuleException("access.record.refused"); }
        return write.Run(writer, async file => await work(file, await InvoiceTitle.Of(file.Connection, file.CustomerId, ct)), ct);
    }

    private static async Task Prefer(FileTurn file, long id, CancellationToken ct)
    {
        await file.Connection.Run($"update {InvoiceTitle.Table} set is_preferred = @no, version = version + 1 where customer_id = @customer and is_preferred and id <> @id", ct, ("no", false), ("customer", file.CustomerId), ("id", id));
        await file.Connection.Run($"update {InvoiceTitle.Table} set is_preferred = @yes where id = @id", ct, ("yes", true), ("id", id));
    }

    private static string Written(InvoiceTitle title) =>
        string.Join(" · ", new[] { title.Name, title.TaxNumber, title.Address, title.Phone, title.Bank, title.Account, title.Email, title.Mobile }.Where(part => part is { Length: > 0 }));

    private static (string, object?)[] Values(InvoiceTitle title) =>
    [
        ("kind", title.Kind), ("name", title.Name), ("tax", title.TaxNumber), ("address", title.Address), ("phone", title.Phone), ("bank", title.Bank), ("account", title.Account), ("email", title.Email), ("mobile", title.Mobile),
    ];
}
