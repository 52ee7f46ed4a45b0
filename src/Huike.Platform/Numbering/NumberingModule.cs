using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Numbering;

/// <summary>编号: numbers without gaps, and how they look (H18).</summary>
public static class NumberingModule
{
    /// <summary>Choose how numbers look.</summary>
    public const string Manage = "numbers.manage";

    internal const string Path = "/admin/numbers";

    internal static readonly AuditedKind Audited = new("numbers", "numbers.audit", Path, "numbers.field.");

    /// <summary>Adds the series.</summary>
    public static IServiceCollection AddNumbering(this IServiceCollection services)
    {
        services.AddPermissions(Manage);
        services.AddSingleton<NumberSeries>().AddScoped<NumberView>();
        services.AddSingleton(Audited);
        services.AddSingleton(new Place("numbers", "numbers.title", Path, "hash", Manage, Order: 946, Shortcut: 'm'));
        return services;
    }

    /// <summary>Maps the page.</summary>
    public static void MapNumbering(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).RequireAuthorization(Manage);
        group.MapGet("/", (HttpContext http, Texts texts, NumberView view, CancellationToken ct) => Show(http, texts, view, null, null, ct));
        group.MapPost("/{kind}", (HttpContext http, Texts texts, NumberView view, NumberSeries series, FormAnswer form, string kind, [FromForm] string? pattern, CancellationToken ct) =>
            form.After(() => series.Choose(kind, pattern?.Trim() ?? "", ct), () => Path, error => Show(http, texts, view, error, (kind, pattern ?? ""), ct)));
    }

    private static async Task<IResult> Show(HttpContext http, Texts texts, NumberView view, string? error, (string Kind, string Pattern)? typed, CancellationToken ct)
    {
        await view.Read(ct);
        return Pages.Show<NumbersPage>(http, texts["numbers.title"], new { Error = error, Wrong = typed?.Kind, Typed = typed?.Pattern }, FormAnswer.Status(error));
    }
}

/// <summary>What the page of series shows.</summary>
internal sealed class NumberView(Database database, NumberSeries series)
{
    public IReadOnlyList<SeriesState> Series { get; private set; } = [];

    public async Task Read(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        Series = await series.All(connection, ct);
    }
}
