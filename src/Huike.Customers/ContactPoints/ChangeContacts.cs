using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Customers.Duplicates;
using Huike.Customers.Parts;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Huike.Platform.Fields;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.ContactPoints;

/// <summary>Adds, changes, prefers and removes contact points. The preferred phone and mail address become the customer's own, with all that follows from a change of them.</summary>
internal sealed class ChangeContacts(Database database, EventLog events, AuditLog audit, FieldBook fields, FindTwins find, TimeProvider clock) : IFileParts<NewContactInput, ContactInput, ContactRecord>
{
    private const int Most = 50;

    public static string Unknown => "customers.contact.unknown";

    public static async Task<IReadOnlyList<ContactRecord>> Of(DbConnection connection, long customerId, Viewer viewer, CancellationToken ct) => [.. (await ContactPoint.Of(connection, customerId, ct)).Select(point => ContactRecord.Of(viewer.Veil(point)))];

    public Task<long> Add(FileWriter writer, NewContactInput wanted, IReadOnlySet<string> given, CancellationToken ct) =>
        Add(writer with { Anyway = wanted.Anyway }, ContactPoint.Read(wanted.Kind, wanted.Use, wanted.Value, wanted.Label), wanted.Preferred, FormKey.Read(FormKey.New()), ct);

    public Task<long> Change(FileWriter writer, long id, ContactInput wanted, IReadOnlySet<string> given, CancellationToken ct) => Change(writer with { Anyway = wanted.Anyway }, id, null, old => wanted.On(old, given), ct);

    /// <summary>Adds one; of a value that the customer's own field has, it says more.</summary>
    /// <returns>Its id; sent twice under one key, it makes one.</returns>
    /// <exception cref="RuleException"><c>customers.contact.twice</c>, <c>customers.contact.many</c>; those of every change: <c>access.record.refused</c>, <c>customers.customer.unknown</c>, <c>privacy.erased</c>.</exception>
    public Task<long> Add(FileWriter writer, ContactPoint point, bool preferred, FormKey key, CancellationToken ct) => Within(writer, async (connection, before) =>
    {
        if (await connection.Number($"select id from {ContactPoint.Table} where form_key = @key", ct, ("key", key.Value)) is > 0 and var earlier) { return earlier; }
        var same = before.Find(known => known.Kind == point.Kind && known.Value == point.Value);
        if (same is { Id: > 0 }) { throw new RuleException("customers.contact.twice"); }
        await DemandOwn(writer, point, ct);
        if (before.Count(known => known.Id > 0) >= Most) { throw new RuleException("customers.contact.many", Most); }
        var added = point with { IsPreferred = preferred || same is not null || !before.Exists(known => known.Kind == point.Kind) };
        return await Save(connection, writer, "customer.contact-added", (before, same, added), key.Value, ct);
    }, ct);

    /// <summary>Changes one.</summary>
    /// <param name="writer">Whose, and by whom.</param>
    /// <param name="id">Which.</param>
    /// <param name="version">As it was shown; null: whichever.</param>
    /// <param name="rewrite">What it becomes.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>customers.contact.unknown</c>, <c>customers.edit.stale</c>, <c>customers.contact.twice</c>.</exception>
    public Task<long> Change(FileWriter writer, long id, int? version, Func<ContactPoint, ContactPoint> rewrite, CancellationToken ct) => Within(writer, async (connection, before) =>
    {
        var old = Find(before, id);
        if (version is { } shown && shown != old.Version) { throw new RuleException("customers.edit.stale"); }
        var changed = rewrite(old) with { Id = id, Version = old.Version };
        // One is always preferred: another one takes it over, it is never given up.
        changed = changed with { IsPreferred = changed.IsPreferred || old.IsPreferred };
        if (before.Exists(known => known.Id != id && known.Kind == changed.Kind && known.Value == changed.Value)) { throw new RuleException("customers.contact.twice"); }
        if (changed.Value != old.Value) { await DemandOwn(writer, changed, ct); }
        return changed == old ? id : await Save(connection, writer, "customer.contact-changed", (before, old, changed), null, ct);
    }, ct);

    /// <summary>Removes one. Where it was the preferred one, the next of its kind takes its place.</summary>
    /// <exception cref="RuleException"><c>customers.contact.unknown</c>.</exception>
    public Task<long> Remove(FileWriter writer, long id, CancellationToken ct) =>
        Within(writer, (connection, before) => Save(connection, writer, "customer.contact-removed", (before, Find(before, id), null), null, ct), ct);

    /// <summary>Another customer's number, address or id is taken over as the rules of duplicates say.</summary>
    /// <exception cref="RuleException"><c>customers.contact.twin</c>, <c>customers.contact.twinBlocked</c>.</exception>
    private async Task DemandOwn(FileWriter writer, ContactPoint point, CancellationToken ct)
    {
        var traits = new CustomerTraits(null, point.Kind == ContactKind.Phone ? point.Value : null, point.Kind == ContactKind.Email ? point.Value : null, null, point.Kind == ContactKind.WeChat ? point.Value : null, null);
        var twins = await find.Run(traits, writer.CustomerId, writer.Viewer, writer.Roles, ct);
        var worst = FindTwins.Worst(twins);
        if (worst == DuplicateAction.Allow || (worst == DuplicateAction.Warn && writer.Anyway)) { return; }
        throw new RuleException(worst == DuplicateAction.Block ? "customers.contact.twinBlocked" : "customers.contact.twin", twins[0].Name ?? twins[0].Owner ?? "?") { Status = StatusCodes.Status409Conflict };
    }

    private static ContactPoint Find(List<ContactPoint> points, long id) => points.Find(point => point.Id == id && id > 0) ?? throw new RuleException(Unknown);

    private async Task<long> Within(FileWriter writer, Func<DbConnection, List<ContactPoint>, Task<long>> work, CancellationToken ct)
    {
        // Who sees numbers masked would learn by trying which ones there are.
        if (!writer.Viewer.SeesPersonal) { throw new RuleException("access.record.refused"); }
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.Run("update customers_customer set version = version where id = @id", ct, ("id", writer.CustomerId));
        await CustomerRules.DemandPerson(connection, writer.CustomerId, ct);
        var id = await work(connection, await ContactPoint.Of(connection, writer.CustomerId, ct));
        await transaction.CommitAsync(ct);
        return id;
    }

    /// <summary>Writes what becomes of one, who is preferred then, and all that follows.</summary>
    private async Task<long> Save(DbConnection connection, FileWriter writer, string action, (List<ContactPoint> All, ContactPoint? Old, ContactPoint? New) of, string? key, CancellationToken ct)
    {
        var (all, old, now) = of;
        var kind = (now ?? old)!.Kind;
        var id = now?.Id ?? 0;
        var former = all.Find(point => point.Kind == kind && point.IsPreferred);
        if (old is { Id: > 0 } && now is null) { await connection.Run($"delete from {ContactPoint.Table} where id = @id", ct, ("id", old.Id)); }
        var next = now is null && old!.IsPreferred ? all.Find(point => point.Kind == kind && point != old) : null;
        if (now is { IsPreferred: true } && former is not null && former != old) { await Write(connection, writer, former with { IsPreferred = false }, null, ct); }
        if (next is not null) { await Write(connection, writer, next with { IsPreferred = true }, null, ct); }
        if (now is not null) { id = await Write(connection, writer, now, key, ct); }
        var preferred = now is { IsPreferred: true } ? now : now is null && old!.IsPreferred ? next : former;
        var told = kind == ContactKind.WeChat ? [] : await Own(connection, writer.CustomerId, kind, preferred, ct);
        // Of the customer's own field the history tells already.
        if (old?.Value != now?.Value && !told.Exists(one => one.Old == old?.Value && one.New == now?.Value) && old is not { Id: 0 }) { told.Add(((now ?? old)!.Field, old?.Value, now?.Value)); }
        await CustomerHistory.Write(connection, writer.CustomerId, told, (clock.GetUtcNow(), writer.By), ct);
        await events.Raise(connection, new CustomerEdited(writer.CustomerId, [.. told.Select(one => one.Field).Append((now ?? old)!.Field).Distinct()]), ct);
        AuditChange[] said = [new((now ?? old)!.Field, old?.Value, now?.Value), new("use", Use(old), Use(now)), new("label", old?.Label, now?.Label), new("preferred", Preferred(old), Preferred(now))];
        await audit.Write(connection, Audited.Customer(action, writer.CustomerId, [.. said.Where(one => (one.Old ?? "") != (one.New ?? ""))]), ct);
        return id;
    }

    /// <summary>The customer's own phone or mail address becomes the preferred one.</summary>
    private async Task<List<(string Field, string? Old, string? New)>> Own(DbConnection connection, long customerId, ContactKind kind, ContactPoint? preferred, CancellationToken ct)
    {
        var column = kind == ContactKind.Phone ? "phone" : "email";
        var customer = (await CustomerColumns.Find(connection, "id", [customerId], ct))[0].Customer;
        var had = CustomerColumns.Value(customer, column);
        if ((had is null ? null : ContactPoint.Normal(kind, had)) == preferred?.Value)
        {
            if (kind == ContactKind.Phone) { await CustomerColumns.WriteTokens(connection, customerId, customer.Completed(fields.Of(CustomerFields.Kind.Name)), ct); }
            return [];
        }
        await CustomerColumns.Update(connection, customerId, CustomerColumns.With(customer, [(column, preferred?.Value)]).Completed(fields.Of(CustomerFields.Kind.Name)), ct);
        return [(column, had, preferred?.Value)];
    }

    private async Task<long> Write(DbConnection connection, FileWriter writer, ContactPoint point, string? key, CancellationToken ct)
    {
        (string, object?)[] values = [("usage", point.Use), ("value", point.Value), ("reversed", point.Kind == ContactKind.Phone ? CustomerColumns.Reversed(point.Value) : null), ("raw", point.Raw), ("label", point.Label), ("preferred", point.IsPreferred)];
        if (point.Id > 0)
        {
            await connection.Run($"update {ContactPoint.Table} set usage = @usage, value = @value, value_reversed = @reversed, raw = @raw, label = @label, is_preferred = @preferred, version = version + 1 where id = @id", ct, [.. values, ("id", point.Id)]);
            return point.Id;
        }
        return await connection.Number($"""
            insert into {ContactPoint.Table} (customer_id, kind, usage, value, value_reversed, raw, label, is_preferred, created_at, created_by, version, form_key)
            values (@customer, @kind, @usage, @value, @reversed, @raw, @label, @preferred, @at, @by, 1, @key) returning id
            """, ct, [.. values, ("customer", writer.CustomerId), ("kind", point.Kind), ("at", clock.GetUtcNow()), ("by", writer.By), ("key", key)]);
    }

    private static string? Use(ContactPoint? point) => point is null ? null : Audited.Name(point.Use);

    private static string? Preferred(ContactPoint? point) => point is { IsPreferred: true } ? "true" : null;
}
