using System.Net;
using System.Text.Json.Nodes;
using Huike.Platform.Data;
using Huike.Platform.Numbering;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Numbering;

/// <summary>Numbers that the program gives: none twice, none left out.</summary>
public sealed class NumberingTests
{
    private static readonly NumberedKind Kind = new("things", "numbers.title", "T{000}");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Many_writers_at_once_get_all_numbers_once_and_who_fails_leaves_no_gap(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var series = app.Services.GetRequiredService<NumberSeries>();
        var given = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
            {
                using var turn = await app.Database.WriteTurn(Ct);
                await using var connection = await app.Database.Open(Ct);
                await using var transaction = await connection.BeginTransactionAsync(Ct);
                var number = await series.Next(connection, Kind, _ => Task.FromResult(false), Ct);
                // Every fifth comes to nothing.
                if (i % 5 == 4) { continue; }
                await transaction.CommitAsync(Ct);
                given.Add(number);
            }
        }, Ct)));
        Assert.Equal(Enumerable.Range(1, 160).Select(i => $"T{i:D3}"), given.Order());
    }

    [Theory, OnBothDatabases]
    public async Task The_firm_chooses_the_pattern_the_year_begins_anew_and_numbers_given_by_hand_are_passed_over(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        Assert.Equal(("C0000001", "C0000002"), (await Added(visitor), await Added(visitor)));
        using var wrong = await visitor.Submit("/admin/numbers", "/admin/numbers/customers", ("pattern", "C{MM}{0000}"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Equal("C{MM}{0000}", (await Visitor.Parsed(await wrong.Content.ReadAsStringAsync(Ct))).QuerySelector("[aria-invalid]")!.GetAttribute("value"));
        using var chosen = await visitor.Submit("/admin/numbers", "/admin/numbers/customers", ("pattern", "KH-{yyyy}-{000}"));
        Assert.Equal(HttpStatusCode.Redirect, chosen.StatusCode);
        var year = app.Clock.GetUtcNow().Year;
        using var byHand = await visitor.Json("POST", "/api/customers", $$"""{"name":"H","number":"KH-{{year}}-002"}""");
        Assert.Equal(($"KH-{year}-001", $"KH-{year}-003"), (await Added(visitor), await Added(visitor)));
        app.Clock.Advance(TimeSpan.FromDays(366));
        using var again = await app.As("admin");
        Assert.Equal($"KH-{year + 1}-001", await Added(again));
        Assert.Equal(1, await app.Number("select count(*) from platform_audit where action = 'numbers.chosen'"));
        using var unknown = await again.Submit("/admin/numbers", "/admin/numbers/moons", ("pattern", "M{0}"));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using var anna = await app.UserWith("customers.read");
        Assert.Equal(HttpStatusCode.Forbidden, (await anna.Get("/admin/numbers")).StatusCode);
    }

    private static async Task<string> Added(Visitor visitor)
    {
        using var added = await visitor.Json("POST", "/api/customers", """{"name":"W"}""");
        return JsonNode.Parse(await added.Content.ReadAsStringAsync(Ct))!["number"]!.GetValue<string>();
    }
}
