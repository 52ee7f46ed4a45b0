using System.Data.Common;
using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Api;

/// <summary>
/// Every write of a program: one transaction around the verb, the answer kept under the caller's <c>Idempotency-Key</c> in that same transaction,
/// and with <c>dry-run=true</c> all of it done and taken back.
/// </summary>
public sealed class ApiWrites(Database database, TimeProvider clock)
{
    /// <summary>Header that names one wish, however often it is sent.</summary>
    public const string KeyHeader = "Idempotency-Key";

    /// <summary>Name in the query that asks only what would happen.</summary>
    public const string DryRun = "dry-run";

    private const int LongestKey = 255;

    /// <summary>Does the work and sends its answer, or sends again what the same request was answered before.</summary>
    /// <param name="http">The request.</param>
    /// <param name="work">The verb, told what came; what it throws takes everything back.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>api.key.wrong</c>; <c>api.key.other</c>: another request came under the key before; <c>api.dryRun.wrong</c>; those of <see cref="ApiInput.Read"/>.</exception>
    public async Task Run(HttpContext http, Func<ApiInput, Task<ApiAnswer>> work, CancellationToken ct) => await Run(http, await ApiInput.Read(http, ct), work, ct);

    /// <summary>The same where what came was read before: a file, for which its hash stands.</summary>
    internal async Task Run(HttpContext http, ApiInput input, Func<ApiInput, Task<ApiAnswer>> work, CancellationToken ct)
    {
        var tries = http.Request.Query[DryRun].ToString() switch { "" or "false" => false, "true" => true, var other => throw new RuleException("api.dryRun.wrong", other[..Math.Min(other.Length, 20)]) };
        var key = KeyOf(http.Request);
        ApiAnswer answer;
        // Ended before the answer is sent: nobody waits for a slow reader.
        await using (var batch = await database.Begin(ct))
        {
            if (key is not null && await Earlier(http, key, input.Fingerprint(http.Request), ct) is { } earlier)
            {
                http.Response.Headers["Idempotent-Replay"] = "true";
                answer = earlier;
            }
            else
            {
                answer = await work(input);
                if (key is not null) { await Keep(http, key, answer, ct); }
                if (tries) { http.Response.Headers["Dry-Run"] = "true"; }
                else { await batch.Commit(ct); }
            }
        }
        await Send(http, answer, ct);
    }

    /// <summary>The same for a change of a record, on the version that the caller has read; the record is held until the end.</summary>
    /// <param name="http">The request; its <c>If-Match</c> names the version, or <c>*</c> for any.</param>
    /// <param name="table">Where the record is.</param>
    /// <param name="id">Which.</param>
    /// <param name="work">The verb, told what came and the version that the record has.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>api.match.missing</c>, <c>api.match.stale</c>; those of <see cref="Run(HttpContext, Func{ApiInput, Task{ApiAnswer}}, CancellationToken)"/>.</exception>
    public Task Change(HttpContext http, string table, long id, Func<ApiInput, int, Task<ApiAnswer>> work, CancellationToken ct)
    {
        var held = 0;
        return Change(http, async connection => (held = await ApiVersion.Hold(connection, table, id, ct)) == 0 ? null : ApiVersion.Tag(held), input => work(input, held), ct);
    }

    /// <summary>The same for a record whose <c>ETag</c> is no version.</summary>
    /// <param name="http">The request.</param>
    /// <param name="hold">Holds the record until the end and says its <c>ETag</c>; null: there is none.</param>
    /// <param name="work">The verb.</param>
    /// <param name="ct">Ends the write.</param>
    public Task Change(HttpContext http, Func<DbConnection, Task<string?>> hold, Func<ApiInput, Task<ApiAnswer>> work, CancellationToken ct) => Run(http, async input =>
    {
        var wanted = http.Request.Headers.IfMatch.ToString();
        if (wanted.Length == 0) { throw new RuleException("api.match.missing") { Status = StatusCodes.Status428PreconditionRequired }; }
        await using var connection = await database.Open(ct);
        var tag = await hold(connection);
        return wanted == "*" || tag is null || wanted == tag ? await work(input) : throw ApiVersion.Stale(tag);
    }, ct);

    private static string? KeyOf(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(KeyHeader, out var values)) { return null; }
        var key = values.ToString().Trim('"');
        return key.Length is > 0 and <= LongestKey && key.All(letter => letter is > ' ' and <= '~') ? key : throw new RuleException("api.key.wrong", LongestKey);
    }

    /// <summary>The earlier answer under the key; null where this request is the first, which then holds the key until its end.</summary>
    private async Task<ApiAnswer?> Earlier(HttpContext http, string key, string fingerprint, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var user = http.User.Access().UserId;
        if (await OnceKeys.Take(connection, user, key, fingerprint, clock.GetUtcNow(), ct)) { return null; }
        var found = await connection.First("select fingerprint, status, location, version, body from platform_api_key where user_id = @user and key = @key",
            row => (Fingerprint: row.GetString(0), Answer: new ApiAnswer(row.GetInt32(1), System.Text.Encoding.UTF8.GetBytes(row.GetString(4))) { Location = row.TextOrNull(2), Version = row.IsDBNull(3) ? null : row.GetInt32(3) }), ct, ("user", user), ("key", key));
        return found.Fingerprint == fingerprint ? found.Answer : throw new RuleException("api.key.other");
    }

    private async Task Keep(HttpContext http, string key, ApiAnswer answer, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        await connection.Run("update platform_api_key set status = @status, location = @location, version = @version, body = @body, record_kind = @kind, record_id = @record where user_id = @user and key = @key", ct,
            ("user", http.User.Access().UserId), ("key", key), ("status", answer.Status), ("location", answer.Location), ("version", answer.Version), ("body", System.Text.Encoding.UTF8.GetString(answer.Body.Span)), ("kind", answer.About?.Kind), ("record", answer.About?.Id));
    }

    private static async Task Send(HttpContext http, ApiAnswer answer, CancellationToken ct)
    {
        http.Response.StatusCode = answer.Status;
        if (answer.Location is not null) { http.Response.Headers.Location = answer.Location; }
        if (answer.Version is { } version) { http.Response.Headers.ETag = ApiVersion.Tag(version); }
        if (answer.Body.IsEmpty) { return; }
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.Body.WriteAsync(answer.Body, ct);
    }
}
