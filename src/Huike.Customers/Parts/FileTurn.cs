using System.Data.Common;
using Huike.Customers.Contracts;
using Huike.Customers.Duplicates;
using Huike.Platform.Access.Records;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Events;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Parts;

/// <summary>Who writes on whose file.</summary>
/// <param name="CustomerId">Whose.</param>
/// <param name="Viewer">Who.</param>
/// <param name="By">His name.</param>
internal sealed record FileWriter(long CustomerId, Viewer Viewer, string By)
{
    /// <summary>Roles whose rules of duplicates hold.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>He was told that another customer has what he writes, and goes on where the rules only warn.</summary>
    public bool Anyway { get; init; }

    /// <summary>The request's user.</summary>
    public static FileWriter Of(HttpContext http, long id) => new(id, Viewer.Of(http), FileEndpoints.By(http.User)) { Roles = DuplicateRules.RolesOf(http.User.Access()) };
}

/// <summary>A write on a part of a customer's file that is under way; the customer is held.</summary>
/// <param name="Connection">Holds the transaction.</param>
/// <param name="Writer">Who writes, and on whose file.</param>
/// <param name="Now">The present instant.</param>
internal sealed record FileTurn(DbConnection Connection, FileWriter Writer, DateTimeOffset Now)
{
    private readonly List<(long Customer, string Field, string? Old, string? New)> told = [];

    public long CustomerId => Writer.CustomerId;

    /// <summary>What was changed: a field by its name in history, with its old and new value; of another customer where it touches his file as well.</summary>
    public IReadOnlyList<(long Customer, string Field, string? Old, string? New)> Told => told;

    public void Tell(string field, string? old, string? now) => Tell(CustomerId, field, old, now);

    public void Tell(long customer, string field, string? old, string? now)
    {
        if ((old ?? "") != (now ?? "")) { told.Add((customer, field, old, now)); }
    }
}

/// <summary>Writes on a part of a customer's file: holds the customer, does the work, and says in history, events and audit what was done.</summary>
internal sealed class WriteOnFile(Database database, EventLog events, AuditLog audit, TimeProvider clock)
{
    /// <summary>Does the work in one transaction.</summary>
    /// <param name="writer">Who writes, and on whose file.</param>
    /// <param name="work">Changes the part, tells what it changed, and gives its id.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="Huike.Platform.RuleException"><c>customers.customer.unknown</c>, <c>privacy.erased</c>; those of the work.</exception>
    public async Task<long> Run(FileWriter writer, Func<FileTurn, Task<long>> work, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.Run("update customers_customer set version = version where id = @id", ct, ("id", writer.CustomerId));
        await CustomerRules.DemandPerson(connection, writer.CustomerId, ct);
        var file = new FileTurn(connection, writer, clock.GetUtcNow());
        var id = await work(file);
        foreach (var of in file.Told.GroupBy(one => one.Customer))
        {
            await connection.Run("update customers_customer set version = version + 1 where id = @id", ct, ("id", of.Key));
            await CustomerHistory.Write(connection, of.Key, of.Select(one => (one.Field, one.Old, one.New)), (file.Now, writer.By), ct);
            await events.Raise(connection, new CustomerEdited(of.Key, [.. of.Select(one => one.Field).Distinct()]), ct);
            await audit.Write(connection, Audited.Customer("customer.edited", of.Key, [.. of.Select(one => new AuditChange(one.Field, one.Old, one.New))]), ct);
        }
        await transaction.CommitAsync(ct);
        return id;
    }
}
