using System.Data.Common;
using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Customers.Parts;
using Huike.Customers.PermissionStages;
using Huike.Platform;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Relations;

/// <summary>Since when, until when, and a remark.</summary>
internal sealed record RelationTime(DateOnly? Since, DateOnly? Until, string Note)
{
    private const int Longest = 400;

    /// <exception cref="RuleException"><c>customers.relation.days</c>, <c>customers.form.long</c>.</exception>
    public static RelationTime Read(string? since, string? until, string? note) => Of(Day(since), Day(until), note);

    /// <exception cref="RuleException"><c>customers.relation.days</c>, <c>customers.form.long</c>.</exception>
    public static RelationTime Of(DateOnly? since, DateOnly? until, string? note)
    {
        var time = new RelationTime(since, until, TypedText.Clean(note));
        if (time.Note.Length > Longest) { throw new RuleException("customers.form.long"); }
        return time.Since > time.Until ? throw new RuleException("customers.relation.days") : time;
    }

    private static DateOnly? Day(string? text) => TypedText.Clean(text) is not { Length: > 0 } typed ? null
        : DateOnly.TryParseExact(typed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw new RuleException("customers.relation.days");
}

/// <summary>Relates customers to each other, changes when and why, and parts them.</summary>
internal sealed class ChangeRelations(WriteOnFile write, FollowPermission permission) : IFileParts<NewRelationInput, RelationInput, RelationRecord>
{
    private const int Most = 500;

    public static string Unknown => "customers.relation.gone";

    public static async Task<IReadOnlyList<RelationRecord>> Of(DbConnection connection, long customerId, Viewer viewer, CancellationToken ct) => [.. (await Relation.Of(connection, customerId, viewer, ct)).Select(RelationRecord.Of)];

    public Task<long> Add(FileWriter writer, NewRelationInput wanted, IReadOnlySet<string> given, CancellationToken ct) =>
        Add(writer, wanted.Relation, wanted.Other, RelationTime.Of(wanted.Since, wanted.Until, wanted.Note), FormKey.Read(FormKey.New()), ct);

    public Task<long> Change(FileWriter writer, long id, RelationInput wanted, IReadOnlySet<string> given, CancellationToken ct) => Change(writer, id, null, old => wanted.On(old, given), ct);

    /// <summary>Relates a customer to another one whom the writer sees.</summary>
    /// <param name="writer">Who writes, and on whose file.</param>
    /// <param name="word">What the other one is to this one, by one of <see cref="Relation.Words"/>.</param>
    /// <param name="otherId">The other one.</param>
    /// <param name="time">When and why.</param>
    /// <param name="key">Sent twice under one, it makes one.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>customers.relation.unknown</c>: the other one is not there, or out of scope; <c>customers.relation.self</c>, <c>customers.relation.twice</c>, <c>customers.relation.cycle</c>,
    /// <c>customers.relation.household</c>, <c>customers.relation.many</c>; those of <see cref="WriteOnFile.Run"/>.</exception>
    public Task<long> Add(FileWriter writer, string word, long otherId, RelationTime time, FormKey key, CancellationToken ct) => write.Run(writer, async file =>
    {
        // Of two at once, each of which would do no harm alone, the later one sees what the earlier one wrote.
        if (file.Connection.Kind() == DatabaseKind.Postgres) { await file.Connection.Run("lock table customers_relation in share row exclusive mode", ct); }
        if (await file.Connection.Number("select id from customers_relation where form_key = @key", ct, ("key", key.Value)) is > 0 and var earlier) { return earlier; }
        var (kind, forward) = Relation.Chosen(word);
        if (otherId == file.CustomerId) { throw new RuleException("customers.relation.self"); }
        if (await file.Connection.Number($"select count(*) from customers_customer c where c.id = @other and not exists (select 1 from customers_erasure gone where gone.customer_id = c.id) and {writer.Viewer.Sql("c")}", ct, [("other", otherId), .. writer.Viewer.Parameters]) == 0) { throw new RuleException("customers.relation.unknown"); }
        var (from, to) = forward ? (file.CustomerId, otherId) : (otherId, file.CustomerId);
        await Demand(file, kind, from, to, ct);
        var id = await file.Connection.Number("""
            insert into customers_relation (customer_id, other_id, kind, since_on, until_on, note, created_at, created_by, version, form_key) values (@from, @to, @kind, @since, @until, @note, @at, @by, 1, @key) returning id
            """, ct, [("from", from), ("to", to), ("kind", kind), ("at", file.Now), ("by", writer.By), ("key", key.Value), .. Values(time)]);
        if (kind == RelationKind.ReferredBy) { await permission.Run(file.Connection, [to], ct); }
        file.Tell(from, Relation.Field, null, Relation.Written(kind, true, to));
        file.Tell(to, Relation.Field, null, Relation.Written(kind, false, from));
        return id;
    }, ct);

    /// <summary>Changes when and why.</summary>
    /// <exception cref="RuleException"><c>customers.relation.gone</c>, <c>customers.edit.stale</c>; those of <see cref="WriteOnFile.Run"/>.</exception>
    public Task<long> Change(FileWriter writer, long id, int? version, Func<Relation, RelationTime> rewrite, CancellationToken ct) => write.Run(writer, async file =>
    {
        var old = await Find(file, id, ct);
        if (version is { } shown && shown != old.Version) { throw new RuleException("customers.edit.stale"); }
        var time = rewrite(old);
        if (time == new RelationTime(old.Since, old.Until, old.Note)) { return id; }
        await file.Connection.Run("update customers_relation set since_on = @since, until_on = @until, note = @note, version = version + 1 where id = @id", ct, [.. Values(time), ("id", id)]);
        file.Tell("relationSince", Written(old.Since), Written(time.Since));
        file.Tell("relationUntil", Written(old.Until), Written(time.Until));
        file.Tell("relationNote", old.Note, time.Note);
        return id;
    }, ct);

    /// <summary>Takes one away, as never having been.</summary>
    /// <exception cref="RuleException"><c>customers.relation.gone</c>; those of <see cref="WriteOnFile.Run"/>.</exception>
    public Task<long> Remove(FileWriter writer, long id, CancellationToken ct) => write.Run(writer, async file =>
    {
        var old = await Find(file, id, ct);
        var other = await file.Connection.Number("select customer_id + other_id from customers_relation where id = @id", ct, ("id", id)) - file.CustomerId;
        await file.Connection.Run("delete from customers_relation where id = @id", ct, ("id", id));
        if (old.Kind == RelationKind.ReferredBy) { await permission.Run(file.Connection, [old.Forward ? other : file.CustomerId], ct); }
        file.Tell(Relation.Field, Relation.Written(old.Kind, old.Forward, other), null);
        file.Tell(other, Relation.Field, Relation.Written(old.Kind, !old.Forward, file.CustomerId), null);
        return id;
    }, ct);

    private static async Task<Relation> Find(FileTurn file, long id, CancellationToken ct) =>
        (await Relation.Of(file.Connection, file.CustomerId, file.Writer.Viewer, ct)).Find(one => one.Id == id) ?? throw new RuleException("customers.relation.gone") { Status = StatusCodes.Status404NotFound };

    private static async Task Demand(FileTurn file, RelationKind kind, long from, long to, CancellationToken ct)
    {
        var connection = file.Connection;
        (string, object?)[] ends = [("from", from), ("to", to), ("kind", kind)];
        if (await connection.Number("select count(*) from customers_relation where customer_id = @from and other_id = @to and kind = @kind", ct, ends) > 0) { throw new RuleException("customers.relation.twice"); }
        if (await connection.Number("select count(*) from customers_relation where @id in (customer_id, other_id)", ct, ("id", file.CustomerId)) >= Most) { throw new RuleException("customers.relation.many", Most); }
        if (kind == RelationKind.Household && await connection.Number("select count(*) from customers_customer where id = @to and kind = @household", ct, ("to", to), ("household", CustomerKind.Household)) == 0) { throw new RuleException("customers.relation.household"); }
        // Ended ones count as well: what once was above would be below itself in the figures of that time.
        const string above = "with recursive above (id) as (select cast(@to as bigint) union select r.other_id from customers_relation r join above a on r.customer_id = a.id where r.kind = @kind) select count(*) from above where id = @from";
        if (kind == RelationKind.Parent && await connection.Number(above, ct, ends) > 0) { throw new RuleException("customers.relation.cycle"); }
    }

    private static (string, object?)[] Values(RelationTime time) => [("since", Written(time.Since)), ("until", Written(time.Until)), ("note", time.Note)];

    private static string? Written(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
