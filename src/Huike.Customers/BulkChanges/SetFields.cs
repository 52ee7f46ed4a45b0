using System.Data.Common;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Events;
using Huike.Platform.Fields;

namespace Huike.Customers.BulkChanges;

/// <summary>Sets a field of many customers: one of ours or of the firm's own.</summary>
internal sealed class SetFields(ChangeByProgram change, FieldBook book, EventLog events) : IBulkVerb
{
    public bool Does(BulkVerb verb) => verb == BulkVerb.Set;

    public async Task<IReadOnlyList<(string Field, string? New)>> Wanted(DbConnection connection, BulkWish wish, Viewer viewer, UserAccess access, CancellationToken ct)
    {
        if (wish.Field is not { Length: > 0 } field || (!field.StartsWith(CustomField.Prefix, StringComparison.Ordinal) && !CustomerColumns.Editable.Contains(ChangeByProgram.Column(field)))) { throw new RuleException("bulk.field.wrong"); }
        try
        {
            var (input, given) = ChangeByProgram.One(field, wish.Value);
            return [.. (await change.Read(viewer, access, (null, input, given), ct)).Columns];
        }
        catch (JsonException)
        {
            throw new RuleException("bulk.value.wrong");
        }
        catch (RuleException wrong) when (wrong.Fields.Count > 0)
        {
            throw new RuleException(wrong.Fields.First().Value);
        }
    }

    public Task<Func<BulkTarget, string, string?>> Now(DbConnection connection, IReadOnlyList<BulkTarget> targets, CancellationToken ct) =>
        Task.FromResult<Func<BulkTarget, string, string?>>((target, field) => CustomerColumns.Value(target.Customer, field));

    public Task<Dictionary<long, string>> Refused(DbConnection connection, IReadOnlyList<BulkDecision> decisions, CancellationToken ct) => Task.FromResult(new Dictionary<long, string>());

    public async Task Write(BulkTurn turn, IReadOnlyList<BulkDecision> decisions, CancellationToken ct)
    {
        var fields = book.Of(CustomerFields.Kind.Name);
        var changed = decisions.Select(one => (one.Target.Id, Old: one.Target.Customer, New: CustomerColumns.With(one.Target.Customer, one.Changes.Select(field => (field.Field, field.New))).Completed(fields))).ToList();
        var told = changed.ConvertAll(one => (one.Id, Changes: CustomerColumns.Differences(one.Old, one.New)));
        await CustomerColumns.Update(turn.Connection, changed.ConvertAll(one => (one.Id, one.Old with { Words = one.Old.Completed(fields).Words }, one.New)), ct);
        await CustomerHistory.Write(turn.Connection, [.. told.SelectMany(one => one.Changes.Select(field => (one.Id, field.Field, field.Old, field.New)))], turn.When, ct);
        await events.RaiseAll(turn.Connection, told.ConvertAll(one => new CustomerEdited(one.Id, [.. one.Changes.Select(field => field.Field)])), ct);
        turn.Entries.AddRange(told.Select(one => Audited.Customer("customer.edited", one.Id, Audited.Fields(one.Changes))));
    }
}
