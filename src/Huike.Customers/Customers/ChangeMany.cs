using Huike.Customers.Contracts;
using Huike.Customers.Merges;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers;

/// <summary>One operation of many.</summary>
internal sealed record BulkOperation
{
    /// <summary><c>create</c>, <c>change</c>, <c>assign</c>, <c>delete</c> or <c>merge</c>.</summary>
    public string Op { get; init; } = "";

    /// <summary>Which customer; not of a new one.</summary>
    public long? Id { get; init; }

    /// <summary>The version that was read; null: any.</summary>
    public int? Version { get; init; }

    /// <summary>Values of a new or changed customer; of a change, those that are not null.</summary>
    public NewCustomerInput? Customer { get; init; }

    /// <summary>Sign-in name of whom it is assigned to.</summary>
    public string? Owner { get; init; }

    /// <summary>What goes into its file, of a merge.</summary>
    public MergeInput? Merge { get; init; }
}

/// <summary>Operations to be done in their order.</summary>
/// <param name="Atomic">True: all or none. False: those that can be done.</param>
/// <param name="Operations">At most 500.</param>
internal sealed record BulkInput(bool Atomic, IReadOnlyList<BulkOperation?> Operations);

/// <summary>What became of one operation.</summary>
/// <param name="Id">The customer's; null where it wasn't made.</param>
/// <param name="Version">After the operation; null where it failed or nothing is left.</param>
/// <param name="Code">Why it failed; null where it was done.</param>
/// <param name="Detail">The same in words.</param>
internal sealed record BulkOutcome(long? Id, int? Version, string? Code, string? Detail);

/// <summary>What became of all.</summary>
internal sealed record BulkAnswer(int Done, int Failed, IReadOnlyList<BulkOutcome> Outcomes);

/// <summary>Does many operations on customers, each under the caller's own permission and scope.</summary>
internal sealed class ChangeMany(Database database, RecordPolicy policy, OneChange one, Texts texts)
{
    private const int Most = 500;

    /// <exception cref="RuleException"><c>api.bulk.many</c>; where all or none was asked for, whatever the first one failed of.</exception>
    public async Task<BulkAnswer> Run(HttpContext http, BulkInput input, CancellationToken ct)
    {
        if (input.Operations is not { Count: > 0 and <= Most }) { throw new RuleException("api.bulk.many", Most); }
        var outcomes = new List<BulkOutcome>();
        foreach (var operation in input.Operations)
        {
            await using var connection = await database.Open(ct);
            await using var savepoint = await connection.BeginTransactionAsync(ct);
            try
            {
                var id = await One(http, operation ?? new(), ct);
                var version = (int)await connection.Number("select version from customers_customer where id = @id", ct, ("id", id));
                await savepoint.CommitAsync(ct);
                outcomes.Add(new(id, version == 0 ? null : version, null, null));
            }
            catch (RuleException refused) when (!input.Atomic)
            {
                await savepoint.RollbackAsync(ct);
                outcomes.Add(new(operation?.Id, null, refused.Code, Words(refused)));
            }
        }
        return new(outcomes.Count(one => one.Code is null), outcomes.Count(one => one.Code is not null), outcomes);
    }

    private string Words(RuleException refused) =>
        string.Join(' ', refused.Fields.Select(field => $"{field.Key}: {texts[field.Value]}").Prepend(texts[refused.Code, [.. refused.Args]]));

    private async Task<long> One(HttpContext http, BulkOperation operation, CancellationToken ct)
    {
        if (operation.Op == "create")
        {
            http.User.Demand(CustomerPermissions.Create);
            return await one.Change.Add(http, operation.Customer ?? new(), ct);
        }
        var action = operation.Op switch { "change" => RecordAction.Edit, "assign" => RecordAction.Assign, "delete" => RecordAction.Delete, "merge" => RecordAction.Edit, _ => throw new RuleException("api.bulk.op") };
        var id = operation.Id ?? throw new RuleException("customers.customer.unknown", 0);
        http.User.Demand(CustomerPermissions.Records.Permission(action));
        await policy.Demand(http.User.Access(), CustomerPermissions.Records, action, id, ct);
        await using var connection = await database.Open(ct);
        var version = await ApiVersion.Hold(connection, CustomerApi.Table, id, ct);
        if (operation.Version is { } read && read != version && version != 0) { throw ApiVersion.Stale(version); }
        await (operation.Op switch
        {
            "merge" => one.Merge(http, id, operation.Merge ?? throw new RuleException("customers.merge.self"), version, ct),
            "change" => one.Change.Edit(http, id, operation.Customer ?? new(), Given(operation.Customer), version, ct),
            "assign" => one.Assign.Run(id, operation.Owner?.Trim() ?? "", ct),
            _ => one.Remove.Run(id, FileEndpoints.By(http.User), ct),
        });
        return id;
    }

    private static HashSet<string> Given(NewCustomerInput? customer)
    {
        using var members = System.Text.Json.JsonSerializer.SerializeToDocument<CustomerInput>(customer ?? new(), ApiAnswer.Json);
        return [.. members.RootElement.EnumerateObject().Where(member => member.Value.ValueKind != System.Text.Json.JsonValueKind.Null).Select(member => member.Name)];
    }
}

/// <summary>What can be done with one customer of many.</summary>
internal sealed class OneChange(ChangeByProgram change, AssignCustomer assign, RemoveCustomer remove, MergeCustomers merge, ShowMerge show)
{
    public ChangeByProgram Change => change;

    public AssignCustomer Assign => assign;

    public RemoveCustomer Remove => remove;

    public Task Merge(HttpContext http, long id, MergeInput wish, int version, CancellationToken ct)
    {
        http.User.Demand(CustomerPermissions.Merge);
        return MergeApi.Run(http, show, merge, new(id, wish.Absorbed, MergeApi.Columns(wish.Take)) { Versions = (version, wish.Version ?? 0) }, ct);
    }
}
