using System.Data.Common;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.SubjectRequests;

/// <summary>查阅复制: everything that is kept of a customer, as one JSON file that a machine reads and a person can.</summary>
internal sealed class CopyRecords(Database database, IEnumerable<PersonalRecords> records, AuditLog audit, TimeProvider clock)
{
    private const int FlushAt = 1 << 16;

    /// <summary>Sends the file, streamed. That it was made is an entry of the audit, written before its first row.</summary>
    /// <param name="http">The answer.</param>
    /// <param name="id">The request.</param>
    /// <param name="ct">Ends the copy.</param>
    /// <exception cref="RuleException"><c>privacy.request.unknown</c>; <c>privacy.request.notCopy</c>: something else was asked, or answered already; <c>privacy.request.identity</c>.</exception>
    public async Task Run(HttpContext http, long id, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var request = await SubjectRequest.Find(connection, id, ct) ?? throw new RuleException("privacy.request.unknown", id);
        if (request is not { Kind: RequestKind.Copy, State: RequestState.Open }) { throw new RuleException("privacy.request.notCopy"); }
        if (request.Identity == IdentityCheck.None) { throw new RuleException("privacy.request.identity"); }
        await audit.Write(Audited.Customer("customer.copied", request.CustomerId, [AuditChange.Is("request", id)]), ct);
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"personal-information-{id}.json\"");
        await Write(http.Response.BodyWriter, connection, request.CustomerId, ct);
    }

    private async Task Write(PipeWriter to, DbConnection connection, long customer, CancellationToken ct)
    {
        await using var json = new Utf8JsonWriter(to, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true });
        json.WriteStartObject();
        json.WriteString("madeAt", clock.GetUtcNow());
        json.WriteNumber("customer", customer);
        foreach (var one in records)
        {
            json.WriteStartArray(one.Name);
            await using var command = connection.Command($"select {string.Join(", ", one.Columns.Select(column => column.Sql))} from {one.Table} where {one.Where} {one.Order}", ("id", customer));
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                json.WriteStartObject();
                for (var i = 0; i < one.Columns.Count; i++) { Value(json, one.Columns[i], reader, i); }
                json.WriteEndObject();
                if (json.BytesPending < FlushAt) { continue; }
                await json.FlushAsync(ct);
                await to.FlushAsync(ct);
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
        await json.FlushAsync(ct);
        await to.FlushAsync(ct);
    }

    private static void Value(Utf8JsonWriter json, PersonalColumn column, DbDataReader row, int i)
    {
        if (row.IsDBNull(i)) { json.WriteNull(column.Name); }
        else if (column.Names is { } names) { json.WriteString(column.Name, Enum.ToObject(names, row.GetInt64(i)).ToString()); }
        else if (column.Value == PersonalValue.Amount) { json.WriteNumber(column.Name, row.Amount(i)); }
        else if (column.Value == PersonalValue.Instant) { json.WriteString(column.Name, row.At(i)); }
        else if (column.Value == PersonalValue.Flag) { json.WriteBoolean(column.Name, row.GetBoolean(i)); }
        else if (row.GetValue(i) is var value && value is string text) { json.WriteString(column.Name, text); }
        else if (value is double share) { json.WriteNumber(column.Name, share); }
        else { json.WriteNumber(column.Name, Convert.ToInt64(value, CultureInfo.InvariantCulture)); }
    }
}
