using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Huike.Platform.Events;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Api;

/// <summary>What a write answers: it is kept under the caller's key, so that the same request sent again gets the same answer.</summary>
/// <param name="Status">Status code: 200, 201 or 204.</param>
/// <param name="Body">JSON; empty for none.</param>
public sealed record ApiAnswer(int Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>Names as JavaScript has them, enumerations by name, Chinese as it is; members that nobody knows or that are missing are refused.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // The answer is never read as markup: its type is named and not to be guessed.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Address of what was made; null where nothing was.</summary>
    public string? Location { get; init; }

    /// <summary>Version of the record after the write; null where it has none.</summary>
    public int? Version { get; init; }

    /// <summary>The record that it tells of, so that an erasure finds it; null where it tells of none.</summary>
    public RecordName? About { get; init; }

    /// <summary>Done, and nothing more to say.</summary>
    public static ApiAnswer Nothing { get; } = new(StatusCodes.Status204NoContent, default);

    /// <summary>A record as JSON.</summary>
    public static ApiAnswer Of<T>(T value, int status = StatusCodes.Status200OK) => new(status, JsonSerializer.SerializeToUtf8Bytes(value, Json));

    /// <summary>A record written by hand.</summary>
    public static ApiAnswer Of(Action<IBufferWriter<byte>> write, int status = StatusCodes.Status200OK)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(buffer);
        return new(status, buffer.WrittenMemory);
    }
}
