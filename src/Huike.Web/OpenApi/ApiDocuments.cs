using System.Text.Json;
using System.Text.Json.Nodes;
using Huike.Platform.Access;
using Huike.Platform.Api;
using Huike.Platform.Fields;
using Huike.Ui;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Huike.Web.OpenApi;

/// <summary>The interface for programs as OpenAPI 3.1, one document a language.</summary>
internal static class ApiDocuments
{
    public const string Pattern = "/api/openapi/{documentName}.json";

    public static void AddApiDocuments(this IServiceCollection services)
    {
        services.Configure<JsonOptions>(options =>
        {
            options.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
            options.SerializerOptions.RespectRequiredConstructorParameters = true;
            foreach (var converter in ApiAnswer.Json.Converters) { options.SerializerOptions.Converters.Add(converter); }
        });
        foreach (var language in TextCatalog.Languages)
        {
            services.AddOpenApi(language, options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                options.ShouldInclude = route => route.ActionDescriptor.EndpointMetadata.OfType<IEndpointNameMetadata>().Any() && route.RelativePath!.StartsWith("api/", StringComparison.Ordinal);
                options.AddDocumentTransformer((document, context, _) => Describe(document, context.ApplicationServices, TextCatalog.For(language)));
                options.AddOperationTransformer((operation, context, _) => Describe(operation, context, TextCatalog.For(language)));
            });
        }
    }

    public static void MapApiDocuments(this WebApplication app) => app.MapOpenApi(Pattern).RequireAuthorization();

    private static Task Describe(OpenApiDocument document, IServiceProvider services, Texts texts)
    {
        document.Info = new() { Title = texts["api.title"], Version = "1" };
        // Where it is served is the reader's to know.
        document.Servers = [];
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["token"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = texts["api.security"] },
        };
        document.Security = [new() { [new OpenApiSecuritySchemeReference("token", document)] = [] }];
        foreach (var kind in services.GetServices<FieldedKind>())
        {
            // Others are known to those alone who see them.
            var open = services.GetRequiredService<FieldBook>().Of(kind.Name).Where(field => field.Level == 1).ToList();
            AddOwnFields(document, kind, open, texts);
            AddOwnFilters(document, kind, open, texts);
        }
        return Task.CompletedTask;
    }

    /// <summary>The fields that the firm gave to a kind of record, where its records are described.</summary>
    private static void AddOwnFields(OpenApiDocument document, FieldedKind kind, IReadOnlyList<CustomField> fields, Texts texts)
    {
        foreach (var name in kind.ApiSchemas)
        {
            if (document.Components?.Schemas?.TryGetValue(name, out var described) != true || described?.Properties?.TryGetValue("custom", out var member) != true || member is not OpenApiSchema custom) { continue; }
            foreach (var field in fields)
            {
                var schema = Of(field, JsonSchemaType.Null | (field.Type == FieldType.Record ? JsonSchemaType.Integer : field.IsNumeric ? JsonSchemaType.Number : JsonSchemaType.String));
                (schema.Description, schema.ReadOnly) = (field.Label(texts), field.Type == FieldType.Formula);
                custom.Properties ??= new Dictionary<string, IOpenApiSchema>();
                custom.Properties[field.Name] = schema;
            }
        }
    }

    /// <summary>What lists are sifted and ordered by, of those fields.</summary>
    private static void AddOwnFilters(OpenApiDocument document, FieldedKind kind, IEnumerable<CustomField> fields, Texts texts)
    {
        var list = document.Paths.Values.SelectMany(path => path.Operations ?? []).Select(pair => pair.Value).FirstOrDefault(operation => operation.OperationId == kind.ApiList);
        if (list?.Parameters is not { } parameters) { return; }
        var orders = parameters.FirstOrDefault(parameter => parameter.Name == "sort")?.Schema?.Enum;
        foreach (var field in fields.Where(field => field.IsIndexed))
        {
            orders?.Add(field.Column);
            foreach (var (end, told) in field.IsNumeric || field.Type == FieldType.Date ? [("", ""), (".from", texts["fields.filter.from"]), (".to", texts["fields.filter.to"])] : ((string, string)[])[("", "")])
            {
                parameters.Add(new OpenApiParameter { Name = field.Input + end, In = ParameterLocation.Query, Description = $"{field.Label(texts)} {told}".Trim(), Schema = Of(field, field.IsNumeric ? JsonSchemaType.Number : JsonSchemaType.String) });
            }
        }
    }

    private static OpenApiSchema Of(CustomField field, JsonSchemaType type) => new()
    {
        Type = type,
        Format = field.Type == FieldType.Date ? "date" : null,
        Enum = field.Type == FieldType.Choice ? [.. field.Choices.Select(choice => (JsonNode)choice.Value)] : null,
    };

    private static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, Texts texts)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Summary = texts["api.op." + operation.OperationId];
        // Those that handlers take from the path are known already; the rest is told by the route.
        operation.Parameters = [.. (operation.Parameters ?? []).Where(known => known.In == ParameterLocation.Path)];
        foreach (var known in operation.Parameters.OfType<OpenApiParameter>()) { known.Description = texts["api.param." + known.Name]; }
        var taken = metadata.OfType<ApiParameter>().Select(parameter => Parameter(parameter.Name, ParameterLocation.Query, texts, parameter.IsNumber ? JsonSchemaType.Integer : JsonSchemaType.String, parameter.Choices, parameter.IsRequired));
        foreach (var parameter in taken) { operation.Parameters.Add(parameter); }
        if (metadata.OfType<ApiWriteRoute>().FirstOrDefault() is { } write)
        {
            operation.Parameters.Add(Parameter(ApiWrites.DryRun, ParameterLocation.Query, texts, JsonSchemaType.Boolean));
            operation.Parameters.Add(Parameter(ApiWrites.KeyHeader, ParameterLocation.Header, texts, JsonSchemaType.String));
            if (write.Matched) { operation.Parameters.Add(Parameter("If-Match", ParameterLocation.Header, texts, JsonSchemaType.String, required: true)); }
        }
        foreach (var answer in operation.Responses!.Values.OfType<OpenApiResponse>()) { answer.Description = texts["api.answer"]; }
        operation.Responses["default"] = Problem(texts);
        // Of a token the needed scopes, by the names that an answer of 403 gives.
        var permissions = metadata.OfType<IAuthorizeData>().Select(rule => rule.Policy).OfType<string>().Concat(metadata.OfType<TokenNeeds>().Select(needs => needs.Permission)).Distinct(StringComparer.Ordinal);
        operation.Security = [new() { [new OpenApiSecuritySchemeReference("token", context.Document)] = [.. permissions] }];
        return Task.CompletedTask;
    }

    private static OpenApiParameter Parameter(string name, ParameterLocation place, Texts texts, JsonSchemaType type, IReadOnlyList<string>? choices = null, bool required = false) => new()
    {
        Name = name,
        In = place,
        Required = required,
        Description = texts["api.param." + name],
        Schema = new OpenApiSchema { Type = type, Enum = choices?.Select(choice => (JsonNode)choice).ToList() },
    };

    /// <summary>RFC 9457, with the rule's code and, where values are wrong, each of them by name.</summary>
    private static OpenApiResponse Problem(Texts texts) => new()
    {
        Description = texts["api.problem"],
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/problem+json"] = new OpenApiMediaType
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["title"] = Text(),
                        ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
                        ["detail"] = Text(),
                        ["code"] = Text(),
                        ["errors"] = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema> { ["code"] = Text(), ["detail"] = Text() } } },
                    },
                },
            },
        },
    };

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };
}
