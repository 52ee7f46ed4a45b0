using System.Text.Json;
using System.Text.Json.Nodes;
using Huike.Platform;
using Huike.Platform.Api;
using Huike.Ui;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Huike.Web.Mcp;

/// <summary>Answers one message of an agent: Model Context Protocol over HTTP, without sessions or streams.</summary>
internal sealed class AnswerAgent(ToolBook book, CallTool call, Texts texts, IConfiguration configuration)
{
    private const int Unreadable = -32700;
    private const int Invalid = -32600;
    private const int NoMethod = -32601;
    private const int WrongParams = -32602;

    /// <summary>Versions of the protocol that are spoken, the newest first.</summary>
    private static readonly string[] Versions = ["2025-11-25", "2025-06-18", "2025-03-26"];

    /// <exception cref="RuleException"><c>api.mcp.origin</c>, <c>api.mcp.version</c>; those of <see cref="ApiInput.Read"/>.</exception>
    public async Task<IResult> Run(HttpContext http, CancellationToken ct)
    {
        DemandOurs(http.Request);
        var version = http.Request.Headers["MCP-Protocol-Version"].ToString();
        if (version.Length > 0 && !Versions.Contains(version)) { throw new RuleException("api.mcp.version", string.Join(", ", Versions)) { Status = StatusCodes.Status400BadRequest }; }
        var input = await ApiInput.Read(http, ct);
        return Read(input.Bytes.Span) is { } message ? await Answer(http, message, ct) : Error(null, Unreadable, "api.mcp.unreadable", StatusCodes.Status400BadRequest);
    }

    /// <summary>A page of another site must not talk to us by a name that it made point here.</summary>
    private void DemandOurs(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        var ours = configuration["PublicAddress"] is { Length: > 0 } address ? address : $"{request.Scheme}://{request.Host}";
        if (origin.Length > 0 && !string.Equals(origin, ours.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)) { throw new RuleException("api.mcp.origin") { Status = StatusCodes.Status403Forbidden }; }
    }

    private async Task<IResult> Answer(HttpContext http, JsonElement message, CancellationToken ct)
    {
        if (message.ValueKind != JsonValueKind.Object || Text(message, "jsonrpc") != "2.0") { return Error(null, Invalid, "api.mcp.invalid", StatusCodes.Status400BadRequest); }
        var method = Text(message, "method");
        var isAnswer = method is null && (message.TryGetProperty("result", out _) || message.TryGetProperty("error", out _));
        if (isAnswer || (method is not null && !message.TryGetProperty("id", out _))) { return TypedResults.StatusCode(StatusCodes.Status202Accepted); }
        if (method is null || !message.TryGetProperty("id", out var id) || id.ValueKind is not (JsonValueKind.String or JsonValueKind.Number)) { return Error(null, Invalid, "api.mcp.invalid", StatusCodes.Status400BadRequest); }
        var parameters = message.TryGetProperty("params", out var given) && given.ValueKind == JsonValueKind.Object ? given : JsonElement.Parse("{}");
        return method switch
        {
            "initialize" => Result(id, Begin(Text(parameters, "protocolVersion"))),
            "ping" => Result(id, []),
            "tools/list" => Result(id, new() { ["tools"] = new JsonArray([.. ToolBook.For(http.User, await book.In(texts.Language, ct)).Select(tool => tool.ToJson())]) }),
            "tools/call" => await Call(http, id, parameters, ct),
            _ => Error(id, NoMethod, "api.mcp.method"),
        };
    }

    private JsonObject Begin(string? wanted) => new()
    {
        ["protocolVersion"] = Versions.Contains(wanted) ? wanted : Versions[0],
        ["capabilities"] = new JsonObject { ["tools"] = new JsonObject() },
        ["serverInfo"] = new JsonObject { ["name"] = "huike", ["title"] = texts["api.title"], ["version"] = HuikeHost.Version },
        ["instructions"] = texts["api.mcp.instructions"],
    };

    private async Task<IResult> Call(HttpContext http, JsonElement id, JsonElement parameters, CancellationToken ct)
    {
        if (Text(parameters, "name") is not { } name || !(await book.In(texts.Language, ct)).TryGetValue(name, out var tool)) { return Error(id, WrongParams, "api.mcp.tool"); }
        var arguments = parameters.TryGetProperty("arguments", out var given) && given.ValueKind != JsonValueKind.Null ? given : JsonElement.Parse("{}");
        return arguments.ValueKind == JsonValueKind.Object ? Result(id, await call.Run(http, tool, arguments)) : Error(id, WrongParams, "api.mcp.arguments");
    }

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The message; null where it is no JSON, or holds a name or text that is none: half of a surrogate pair.</summary>
    private static JsonElement? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var message = JsonElement.Parse(bytes, new() { MaxDepth = 32, AllowDuplicateProperties = false });
            return IsText(message) ? message : null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <exception cref="InvalidOperationException">Something in it can't be read.</exception>
    private static bool IsText(JsonElement message) => message.ValueKind switch
    {
        JsonValueKind.Object => message.EnumerateObject().All(member => member.Name.Length >= 0 && IsText(member.Value)),
        JsonValueKind.Array => message.EnumerateArray().All(IsText),
        JsonValueKind.String => message.GetString() is not null,
        _ => true,
    };

    private static ContentHttpResult Result(JsonElement id, JsonObject result) => Send(new() { ["jsonrpc"] = "2.0", ["id"] = JsonNode.Parse(id.GetRawText()), ["result"] = result }, StatusCodes.Status200OK);

    private ContentHttpResult Error(JsonElement? id, int code, string text, int status = StatusCodes.Status200OK) => Send(new()
    {
        ["jsonrpc"] = "2.0",
        ["id"] = id is { } known ? JsonNode.Parse(known.GetRawText()) : null,
        ["error"] = new JsonObject { ["code"] = code, ["message"] = texts[text], ["data"] = new JsonObject { ["code"] = text } },
    }, status);

    private static ContentHttpResult Send(JsonObject message, int status) => TypedResults.Text(message.ToJsonString(ApiAnswer.Json), "application/json", statusCode: status);
}

/// <summary>Where agents come in.</summary>
internal static class Agents
{
    public static void AddAgents(this IServiceCollection services) => services.AddSingleton<ToolBook>().AddScoped<CallTool>().AddScoped<AnswerAgent>();

    public static void MapAgents(this WebApplication app) =>
        app.MapApi("mcp").MapPost("/", (HttpContext http, AnswerAgent answer, CancellationToken ct) => answer.Run(http, ct)).RequireAuthorization().Accepts<AgentMessage>("application/json").ExcludeFromDescription();

    /// <summary>What is taken is JSON, and read by hand.</summary>
    private sealed record AgentMessage;
}
