using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Api;

/// <summary>What a program sent: read once, strictly.</summary>
/// <param name="Bytes">The body as it came.</param>
public sealed record ApiInput(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Longest body that is read.</summary>
    public const int LargestBytes = 4 << 20;

    /// <summary>Reads the body.</summary>
    /// <exception cref="RuleException"><c>api.body.large</c>, <c>api.body.type</c>: it is not said to be JSON.</exception>
    public static async Task<ApiInput> Read(HttpContext http, CancellationToken ct)
    {
        var request = http.Request;
        if (request.ContentLength is 0 || (request.ContentLength is null && request.ContentType is null)) { return new(ReadOnlyMemory<byte>.Empty); }
        // A form of another site can't say that it is JSON without being asked for leave.
        if (!request.HasJsonContentType()) { throw new RuleException("api.body.type") { Status = StatusCodes.Status415UnsupportedMediaType }; }
        if (request.ContentLength > LargestBytes) { throw new RuleException("api.body.large", LargestBytes >> 20) { Status = StatusCodes.Status413PayloadTooLarge }; }
        using var body = new MemoryStream();
        var buffer = new byte[16_384];
        for (int read; (read = await request.Body.ReadAsync(buffer, ct)) > 0;)
        {
            if (body.Length + read > LargestBytes) { throw new RuleException("api.body.large", LargestBytes >> 20) { Status = StatusCodes.Status413PayloadTooLarge }; }
            body.Write(buffer, 0, read);
        }
        return new(body.ToArray());
    }

    /// <summary>The body as a record, and which of its members were given.</summary>
    /// <exception cref="RuleException"><c>api.body.wrong</c>: it can't be read, with the place; <c>api.body.object</c>: it is no object.</exception>
    public (T Value, IReadOnlySet<string> Given) As<T>() where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(Bytes, new() { MaxDepth = 8 });
            if (document.RootElement.ValueKind != JsonValueKind.Object) { throw new RuleException("api.body.object") { Status = StatusCodes.Status400BadRequest }; }
            var given = document.RootElement.EnumerateObject().Select(member => member.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            return (document.Deserialize<T>(ApiAnswer.Json)!, given);
        }
        // The other of the two: a name that is no text, half of a surrogate pair.
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            var at = wrong as JsonException;
            throw new RuleException("api.body.wrong", at?.Path is { Length: > 0 } path ? Shown(path) : "$", (at?.LineNumber ?? 0) + 1) { Status = StatusCodes.Status400BadRequest };
        }
    }

    /// <summary>What tells this request from another under the same key.</summary>
    internal string Fingerprint(HttpRequest request) => Convert.ToHexStringLower(SHA256.HashData(
        [.. Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n{request.Headers.IfMatch}\n"), .. Bytes.Span]));

    private static string Shown(string path) => path.Length > 100 ? path[..100] : path;
}

/// <summary>Versions of records as <c>ETag</c> and <c>If-Match</c>.</summary>
public static class ApiVersion
{
    /// <summary>As the header has it.</summary>
    public static string Tag(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>Holds a record until the end of the transaction.</summary>
    /// <returns>The version that it has; 0 where there is no such record.</returns>
    public static async Task<int> Hold(DbConnection connection, string table, long id, CancellationToken ct) =>
        (int)await connection.Number($"update {table} set version = version where id = @id returning version", ct, ("id", id));

    /// <summary>The refusal of a write that was meant for another version.</summary>
    public static RuleException Stale(int version) => Stale(Tag(version));

    internal static RuleException Stale(string tag) => new("api.match.stale", tag) { Status = StatusCodes.Status412PreconditionFailed };
}
