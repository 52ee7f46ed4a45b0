using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Api;

/// <summary>Says of a route for programs that it writes.</summary>
/// <param name="Matched">Whether it needs <c>If-Match</c>: it changes a record that was read before.</param>
public sealed record ApiWriteRoute(bool Matched);

/// <summary>Descriptions of writing routes.</summary>
public static class ApiWriteRoutes
{
    /// <summary>A write that takes and answers JSON.</summary>
    /// <param name="route">Its handler goes through <see cref="ApiWrites"/>.</param>
    /// <param name="name">Name of the operation in the OpenAPI document and for agents.</param>
    /// <param name="status">Status of its answer.</param>
    /// <param name="matched">Whether it needs <c>If-Match</c>.</param>
    public static RouteHandlerBuilder Writes<TInput, TAnswer>(this RouteHandlerBuilder route, string name, int status = StatusCodes.Status200OK, bool matched = false) where TInput : notnull =>
        route.WithName(name).Accepts<TInput>("application/json").Produces<TAnswer>(status).WithMetadata(new ApiWriteRoute(matched));

    /// <summary>Says what a route reads besides its path and body.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, params IEnumerable<ApiParameter> parameters) => route.WithMetadata([.. parameters]);

    /// <summary>A write without a body, and without anything left to answer.</summary>
    public static RouteHandlerBuilder Writes(this RouteHandlerBuilder route, string name, bool matched = false) =>
        route.WithName(name).Produces(StatusCodes.Status204NoContent).WithMetadata(new ApiWriteRoute(matched));
}

/// <summary>Something that a route reads of its query or headers.</summary>
/// <param name="Name">As it is sent; its text is <c>api.param.</c> and the name.</param>
/// <param name="Choices">What it may be; null where anything may.</param>
public sealed record ApiParameter(string Name, IReadOnlyList<string>? Choices = null)
{
    /// <summary>Whether it is a whole number.</summary>
    public bool IsNumber { get; init; }

    /// <summary>Whether the route can't do without.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Which members are wanted.</summary>
    public static ApiParameter Fields { get; } = new(FieldSelection.Name);

    /// <summary>From where a page begins, and before which row it ends.</summary>
    public static IReadOnlyList<ApiParameter> Cursors { get; } = [new("after"), new("before")];

    /// <summary>One of an enumeration's names.</summary>
    public static ApiParameter Of<T>(string name) where T : struct, Enum => new(name, [.. Enum.GetNames<T>().Select(System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName)]);
}
