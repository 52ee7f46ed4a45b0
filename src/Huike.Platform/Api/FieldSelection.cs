using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Api;

/// <summary>Which members of a record the reader wants: <c>fields=id,name</c>; all where nothing is said.</summary>
public sealed class FieldSelection
{
    /// <summary>Name in the query.</summary>
    public const string Name = "fields";

    private readonly HashSet<string> wanted;

    private FieldSelection(HashSet<string> wanted) => this.wanted = wanted;

    /// <summary>What is asked for; null for all.</summary>
    /// <typeparam name="T">The record whose members may be named.</typeparam>
    /// <exception cref="RuleException"><c>api.fields.unknown</c>: with the ones that there are.</exception>
    public static FieldSelection? Read<T>(HttpRequest request)
    {
        var text = request.Query[Name].ToString();
        if (text.Length == 0) { return null; }
        var known = ApiAnswer.Json.GetTypeInfo(typeof(T)).Properties.Select(property => property.Name).ToList();
        var asked = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        return asked.FirstOrDefault(name => !known.Contains(name)) is { } unknown
            ? throw new RuleException("api.fields.unknown", unknown[..Math.Min(unknown.Length, 40)], string.Join(", ", known)) { Status = StatusCodes.Status422UnprocessableEntity } : new(asked);
    }

    /// <summary>Writes a record, or the rows of a page, with the wanted members alone.</summary>
    /// <param name="json">A record, or an object with an array of records.</param>
    /// <param name="rows">Name of the array; null where the record itself is meant.</param>
    /// <param name="to">Takes the rest.</param>
    public void Write(ReadOnlyMemory<byte> json, string? rows, IBufferWriter<byte> to)
    {
        using var document = JsonDocument.Parse(json);
        using var writer = new Utf8JsonWriter(to, new() { Encoder = ApiAnswer.Json.Encoder, SkipValidation = true });
        if (rows is null)
        {
            Write(document.RootElement, writer);
            return;
        }
        writer.WriteStartObject();
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (member.Name != rows)
            {
                member.WriteTo(writer);
                continue;
            }
            writer.WriteStartArray(rows);
            foreach (var row in member.Value.EnumerateArray()) { Write(row, writer); }
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    private void Write(JsonElement record, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var member in record.EnumerateObject().Where(member => wanted.Contains(member.Name))) { member.WriteTo(writer); }
        writer.WriteEndObject();
    }
}
