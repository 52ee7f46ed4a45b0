using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Api;
using Huike.Ui;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Net.Http.Headers;

namespace Huike.Web.Mcp;

/// <summary>Runs the route of a tool inside the agent's request: same user, token, scope of services, limits and audit as when the route itself is asked.</summary>
internal sealed class CallTool(Texts texts)
{
    /// <returns>The result as the protocol has it; what a rule refused is a result too, for the agent to read.</returns>
    public async Task<JsonObject> Run(HttpContext agent, Tool tool, JsonElement arguments)
    {
        var http = new DefaultHttpContext { User = agent.User, RequestServices = agent.RequestServices, RequestAborted = agent.RequestAborted, Items = agent.Items, TraceIdentifier = agent.TraceIdentifier };
        using var answer = new MemoryStream();
        http.Response.Body = answer;
        http.Connection.RemoteIpAddress = agent.Connection.RemoteIpAddress;
        http.SetEndpoint(tool.Route);
        try
        {
            Fill(http.Request, agent.Request, tool, arguments);
            foreach (var permission in tool.Permissions) { agent.User.Demand(permission); }
            await tool.Route.RequestDelegate!(http);
        }
        catch (Exception failure) when (Safety.IsRefusal(failure))
        {
            http.Response.Clear();
            await Safety.Problem(http, failure).ExecuteAsync(http);
        }
        if (http.Response.StatusCode >= StatusCodes.Status400BadRequest && answer.Length == 0) { await Results.Problem(statusCode: http.Response.StatusCode).ExecuteAsync(http); }
        await http.Response.CompleteAsync();
        return Told(http.Response, Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length));
    }

    /// <exception cref="RuleException"><c>api.mcp.argument</c>: one that the tool doesn't take, or that is no text, number or yes and no; <c>api.mcp.missing</c>.</exception>
    private static void Fill(HttpRequest request, HttpRequest agent, Tool tool, JsonElement arguments)
    {
        (request.Method, request.Scheme, request.Host, request.Protocol) = (tool.Method, agent.Scheme, agent.Host, agent.Protocol);
        request.Headers.AcceptLanguage = agent.Headers.AcceptLanguage;
        var (query, sent) = (new QueryString(), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var given in arguments.EnumerateObject().Where(given => given.Value.ValueKind != JsonValueKind.Null))
        {
            if (given.Name == Tool.Body && tool.TakesBody) { Write(request, given.Value); }
            else { sent[(tool.Arguments.FirstOrDefault(argument => argument.Name == given.Name) ?? throw Wrong(given.Name)).Sent] = Text(given); }
        }
        foreach (var argument in tool.Arguments.Where(argument => sent.ContainsKey(argument.Sent)))
        {
            if (argument.Place == "query") { query = query.Add(argument.Sent, sent[argument.Sent]); }
            else if (argument.Place == "header") { request.Headers[argument.Sent] = argument.Sent == HeaderNames.IfMatch ? Tag(sent[argument.Sent]) : sent[argument.Sent]; }
            else
            {
                request.RouteValues[argument.Sent] = long.TryParse(sent[argument.Sent], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture) : throw Wrong(argument.Name);
            }
        }
        request.QueryString = query;
        request.Path = string.Concat(tool.Route.RoutePattern.PathSegments.Select(segment => "/" + (segment.Parts[0] is RoutePatternParameterPart part ? request.RouteValues[part.Name] ?? throw Missing(part.Name) : ((RoutePatternLiteralPart)segment.Parts[0]).Content)));
        if (tool.TakesBody && request.ContentLength is null) { throw Missing(Tool.Body); }
    }

    private static void Write(HttpRequest request, JsonElement body)
    {
        var bytes = Encoding.UTF8.GetBytes(body.GetRawText());
        (request.Body, request.ContentLength, request.ContentType) = (new MemoryStream(bytes), bytes.Length, "application/json");
    }

    private static string Text(JsonProperty given) => given.Value.ValueKind switch
    {
        JsonValueKind.String => given.Value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => given.Value.GetRawText(),
        _ => throw Wrong(given.Name),
    };

    /// <summary>Agents read the version, or what stands for it, in the record; the header quotes it.</summary>
    private static string Tag(string version) => version.Length > 0 && version.All(char.IsAsciiLetterOrDigit) ? $"\"{version}\"" : version;

    private static RuleException Wrong(string argument) => new("api.mcp.argument", argument[..Math.Min(argument.Length, 40)]);

    private static RuleException Missing(string argument) => new("api.mcp.missing", argument);

    private JsonObject Told(HttpResponse response, string body)
    {
        var content = new JsonArray(Word(body.Length > 0 ? body : texts["api.answer"]));
        if (response.Headers.ContainsKey("Dry-Run")) { content.Add(Word(texts["api.mcp.dry"])); }
        var result = new JsonObject { ["content"] = content, ["isError"] = response.StatusCode >= StatusCodes.Status400BadRequest };
        if (body.Length > 0 && JsonNode.Parse(body) is JsonObject told) { result["structuredContent"] = told; }
        return result;
    }

    private static JsonObject Word(string text) => new() { ["type"] = "text", ["text"] = text };
}
