using System.Data.Common;
using System.Globalization;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Processing;

/// <summary>Adds a purpose to the register, changes one, or says that it is not pursued any more.</summary>
internal sealed class SavePurpose(Database database, AuditLog audit, Texts texts, TimeProvider clock)
{
    private const int Longest = 1_000;

    /// <param name="id">The purpose; null for a new one.</param>
    /// <param name="form">Its texts, its basis, whether it is retired, and the version that was shown. A text that is left as shipped goes on following what is shipped.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="RuleException"><c>privacy.purpose.name</c>, <c>privacy.purpose.length</c>, <c>privacy.purpose.basis</c>, <c>privacy.purpose.stale</c>, <c>privacy.purpose.unknown</c>.</exception>
    public async Task<long> Run(long? id, IFormCollection form, CancellationToken ct)
    {
        var typed = Purpose.Fields.Select(field => TypedText.Clean(form[field])).ToList();
        if (typed[0].Length == 0) { throw new RuleException("privacy.purpose.name"); }
        if (typed.Exists(text => text.Length > Longest)) { throw new RuleException("privacy.purpose.length", Longest); }
        var basis = TypedText.Chosen<LawfulBasis>(form["basis"], "privacy.purpose.basis");
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var old = id is { } known ? await Held(connection, known, form["version"], ct) : await Added(connection, basis, ct);
        var own = typed.Select((text, i) => text == old.Shipped(texts, i) ? null : text).ToList();
        var retiredAt = form["retired"] == "true" ? old.RetiredAt ?? clock.GetUtcNow() : (DateTimeOffset?)null;
        var sets = string.Join(", ", Purpose.Fields.Select((field, i) => $"{field} = @t{i}"));
        await connection.Run($"update customers_purpose set basis = @basis, {sets}, retired_at = @retired, version = version + 1 where id = @id", ct,
            [("id", old.Id), ("basis", basis), ("retired", retiredAt), .. own.Select((text, i) => ($"t{i}", (object?)text))]);
        AuditChange[] changes =
        [
            .. Purpose.Fields.Select((field, i) => new AuditChange(field, id is null ? null : old.Told(texts, i), typed[i])).Where(change => (change.Old ?? "") != change.New),
            .. id is null || old.Basis != basis ? [new AuditChange("basis", id is null ? null : CustomerFilter.Kebab(old.Basis), CustomerFilter.Kebab(basis))] : (AuditChange[])[],
            .. old.IsRetired != retiredAt is not null ? [new AuditChange("retired", old.IsRetired ? "true" : "false", retiredAt is null ? "false" : "true")] : (AuditChange[])[],
        ];
        await audit.Write(connection, new AuditEntry(id is null ? "purpose.added" : "purpose.edited") { Kind = Audited.Purposes.Name, Record = old.Id, Changes = changes }, ct);
        await transaction.CommitAsync(ct);
        return old.Id;
    }

    private static async Task<Purpose> Held(DbConnection connection, long id, string? version, CancellationToken ct)
    {
        // Holds the row, so that nobody comes in between reading and writing it.
        await connection.Run("update customers_purpose set version = version where id = @id", ct, ("id", id));
        var old = await connection.First($"select {Purpose.Columns} from customers_purpose where id = @id", Purpose.Map, ct, ("id", id)) ?? throw new RuleException("privacy.purpose.unknown", id);
        return old.Version.ToString(CultureInfo.InvariantCulture) == version ? old : throw new RuleException("privacy.purpose.stale");
    }

    private static async Task<Purpose> Added(DbConnection connection, LawfulBasis basis, CancellationToken ct)
    {
        // Until its number is known a key of its own stands for the code.
        var id = await connection.Number("insert into customers_purpose (code, basis, version) values (@code, @basis, 0) returning id", ct, ("code", FormKey.New()), ("basis", basis));
        var code = string.Create(CultureInfo.InvariantCulture, $"own-{id}");
        await connection.Run("update customers_purpose set code = @code where id = @id", ct, ("id", id), ("code", code));
        return new(id, code, basis, new string?[Purpose.Fields.Length], null, 0);
    }
}
