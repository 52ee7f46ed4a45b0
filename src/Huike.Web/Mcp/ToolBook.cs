using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Huike.Platform.Access;
using Huike.Platform.Api;
using Huike.Platform.Fields;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Huike.Web.Mcp;

/// <summary>An operation of the interface for programs, as an agent sees it.</summary>
/// <param name="Name">Name of the operation.</param>
/// <param name="Description">What it does, in the reader's language.</param>
/// <param name="Schema">JSON schema of the arguments.</param>
/// <param name="Arguments">Those that are no part of the body.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Route">What runs.</param>
internal sealed record Tool(string Name, string Description, JsonObject Schema, IReadOnlyList<ToolArgument> Arguments, string Method, RouteEndpoint Route)
{
    /// <summary>Name of the argument that is sent as the body.</summary>
    public const string Body = "body";

    /// <summary>Permissions that the route asks for.</summary>
    public IEnumerable<string> Permissions => Route.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(rule => rule.Policy).OfType<string>().Distinct(StringComparer.Ordinal);

    public bool TakesBody => Schema["properties"]!.AsObject().ContainsKey(Body);

    public bool Writes => Route.Metadata.GetMetadata<ApiWriteRoute>() is not null;

    /// <summary>As the list has it.</summary>
    public JsonObject ToJson()
    {
        var adds = Route.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().Any(answer => answer.StatusCode == StatusCodes.Status201Created);
        return new()
        {
            ["name"] = Name,
            ["description"] = Description,
            ["inputSchema"] = Schema.DeepClone(),
            ["annotations"] = new JsonObject { ["title"] = Description, ["readOnlyHint"] = !Writes, ["destructiveHint"] = Writes && !adds, ["idempotentHint"] = Method != HttpMethods.Post, ["openWorldHint"] = false },
        };
    }
}

/// <summary>One argument of a tool.</summary>
/// <param name="Name">As agents say it: <c>dryRun</c>.</param>
/// <param name="Sent">As the route knows it: <c>dry-run</c>.</param>
/// <param name="Place"><c>path</c>, <c>query</c> or <c>header</c>.</param>
internal sealed record ToolArgument(string Name, string Sent, string Place);

/// <summary>The tools in each language, made of the very description that the OpenAPI document is, and anew after each change of the firm's own fields.</summary>
internal sealed class ToolBook(IServiceProvider services, EndpointDataSource endpoints, FieldBook fields)
{
    // Schemas lie in each other a few deep; one that lay in itself would have no end.
    private const int Deepest = 24;

    private readonly ConcurrentDictionary<string, (string Edition, IReadOnlyDictionary<string, Tool> Tools)> known = new(StringComparer.Ordinal);

    /// <summary>All tools by name, in the order of the document: every operation that takes and answers JSON.</summary>
    public async Task<IReadOnlyDictionary<string, Tool>> In(string language, CancellationToken ct)
    {
        // Looked at first: what changes while they are made is seen the next time.
        var edition = fields.Edition;
        if (known.TryGetValue(language, out var kept) && kept.Edition == edition) { return kept.Tools; }
        var document = JsonNode.Parse(await (await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(language.ToLowerInvariant()).GetOpenApiDocumentAsync(ct)).SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, ct))!;
        var routes = endpoints.Endpoints.OfType<RouteEndpoint>().Where(route => route.Metadata.GetMetadata<IEndpointNameMetadata>() is not null).ToDictionary(route => route.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName, StringComparer.Ordinal);
        var found = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Where(operation => IsJson(operation.Value!)).Select(operation => Of(operation.Key.ToUpperInvariant(), operation.Value!, document, routes[(string)operation.Value!["operationId"]!]));
        var tools = found.ToDictionary(tool => tool.Name, StringComparer.Ordinal);
        known[language] = (edition, tools);
        return tools;
    }

    /// <summary>Those that a caller may use.</summary>
    public static IEnumerable<Tool> For(System.Security.Claims.ClaimsPrincipal user, IReadOnlyDictionary<string, Tool> tools) => tools.Values.Where(tool => tool.Permissions.All(user.Holds) && tool.Route.Metadata.GetMetadata<TokenNeeds>()?.AreMetBy(user) != false);

    /// <summary>Whether an agent can send and read it: messages hold JSON, no bytes of files.</summary>
    private static bool IsJson(JsonNode operation) =>
        operation["responses"]!.AsObject().Select(answer => answer.Value!).Append(operation["requestBody"]).All(body => body?["content"]?.AsObject().All(content => content.Key.EndsWith("json", StringComparison.Ordinal)) != false);

    private static Tool Of(string method, JsonNode operation, JsonNode document, RouteEndpoint route)
    {
        var (arguments, properties, required) = (new List<ToolArgument>(), new JsonObject(), new JsonArray());
        foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
        {
            var argument = new ToolArgument(Camel((string)parameter!["name"]!), (string)parameter["name"]!, (string)parameter["in"]!);
            var schema = Whole(parameter["schema"]!, document, 0).AsObject();
            schema["description"] = (string?)parameter["description"];
            properties[argument.Name] = schema;
            if ((bool?)parameter["required"] == true) { required.Add(argument.Name); }
            arguments.Add(argument);
        }
        if (operation["requestBody"]?["content"]?["application/json"]?["schema"] is { } body)
        {
            properties[Tool.Body] = Whole(body, document, 0);
            required.Add(Tool.Body);
        }
        var whole = new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required, ["additionalProperties"] = false };
        return new((string)operation["operationId"]!, (string)operation["summary"]!, whole, arguments, method, route);
    }

    /// <summary>A schema with what it refers to put in.</summary>
    private static JsonNode Whole(JsonNode schema, JsonNode document, int depth) => schema switch
    {
        _ when depth > Deepest => new JsonObject(),
        JsonObject reference when reference["$ref"] is JsonValue name => Whole(document["components"]!["schemas"]![((string)name!).Split('/')[^1]]!, document, depth + 1),
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, member.Value is null ? null : Whole(member.Value, document, depth + 1)))),
        JsonArray items => new JsonArray([.. items.Select(item => item is null ? null : Whole(item, document, depth + 1))]),
        _ => schema.DeepClone(),
    };

    // "dry-run" and "If-Match" are no names for an argument.
    private static string Camel(string name) => string.Concat(name.Split('-').Select((part, i) => (i == 0 ? char.ToLowerInvariant(part[0]) : char.ToUpperInvariant(part[0])) + part[1..]));
}
