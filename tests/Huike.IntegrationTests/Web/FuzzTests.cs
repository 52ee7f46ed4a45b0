using System.Collections.Concurrent;
using System.Net;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Web;

/// <summary>Whatever a stranger or a broken program sends with an administrator's session: an answer, and never a fault of ours.</summary>
public sealed class FuzzTests
{
    private const int LongestAddress = 8_000;
    private const int Requests = 50_000;
    private const int Workers = 8;
    private const int Seed = 20_261_122;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Of_fifty_thousand_mutated_requests_none_ends_in_a_fault(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        await Given.Ledger(app, ("C1", "2026-01-05", "D1", 120m, "P1"), ("C1", "2026-03-05", "D2", 80m, "P2"), ("C2", "2026-02-01", "D3", 300m, "P1"));
        // A password's hash costs as much as a hundred other requests, and a sign-out ends the session of all: some of these are enough.
        var routes = AppRoute.Of(app).FindAll(route => !route.IsDoor);
        var usual = routes.Where(route => !route.Pattern.Contains("password", StringComparison.Ordinal) && !route.Pattern.Contains("/sign-", StringComparison.Ordinal) && !route.Pattern.Contains("/end", StringComparison.Ordinal)).ToList();
        var faults = new ConcurrentDictionary<string, string>();
        var asked = 0;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            var random = new Random(Seed + worker);
            var (often, seldom) = (new Hostile(random, usual), new Hostile(random, routes));
            var session = await Session.Begin(app);
            while (Interlocked.Increment(ref asked) <= Requests) { session = await Try(app, session, random.Next(100) == 0 ? seldom : often, faults); }
            session.Dispose();
        }, Ct)));
        Assert.True(faults.IsEmpty, string.Join("\n\n", faults.Values.Take(20)));
        await StillWhole(app);
    }

    private static async Task<Session> Try(HuikeApp app, Session session, Hostile hostile, ConcurrentDictionary<string, string> faults)
    {
        using var request = hostile.Next(session.Token);
        request.Headers.TryAddWithoutValidation("Cookie", session.Cookie + hostile.Cookies());
        var what = $"{request.Method} {request.RequestUri}";
        try
        {
            using var answer = await session.Http.SendAsync(request, Ct);
            if ((int)answer.StatusCode >= 500)
            {
                var error = app.Errors.LastOrDefault() ?? "";
                faults.TryAdd(Where(error), $"{(int)answer.StatusCode} {what}\n{Cut(request.Content is null ? "" : await request.Content.ReadAsStringAsync(Ct))}\n{error}");
            }
            if (answer.StatusCode == HttpStatusCode.Unauthorized || answer.Headers.Location?.ToString().Contains("/sign-in", StringComparison.Ordinal) == true)
            {
                session.Dispose();
                return await Session.Begin(app);
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or TaskCanceledException && !Ct.IsCancellationRequested)
        {
            // An address that is longer than any that is taken: the server hangs up while the rest is still being sent.
            if (request.RequestUri!.AbsoluteUri.Length < LongestAddress) { faults.TryAdd(what, $"no answer: {what}\n{broken.Message}"); }
        }
        return session;
    }

    private static async Task StillWhole(HuikeApp app)
    {
        await Session.ForgetTries(app);
        using var administrator = await app.UserWith("*");
        await administrator.Text("/customers");
        Assert.Null((await app.Services.GetRequiredService<AuditChain>().Verify(null, Ct)).BrokenAt);
    }

    /// <summary>What failed and the first place of ours, so that one fault is told once.</summary>
    private static string Where(string error) => string.Join(' ', error.Split('\n') is { Length: > 1 } lines ? [lines[1], lines.FirstOrDefault(line => line.Contains("Huike.", StringComparison.Ordinal)) ?? ""] : [error]);

    private static string Cut(string text) => text.Length > 600 ? text[..600] : text;

    private sealed record Session(HttpClient Http, string Cookie, string Token) : IDisposable
    {
        public static async Task<Session> Begin(HuikeApp app)
        {
            await ForgetTries(app);
            using var visitor = await app.UserWith("*");
            var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = app.Address, Timeout = TimeSpan.FromSeconds(60) };
            return new(http, visitor.Cookies.GetCookieHeader(app.Address), await visitor.Token("/customers/new"));
        }

        /// <summary>Tries of hostile requests must not lock the next session out.</summary>
        public static async Task ForgetTries(HuikeApp app)
        {
            await using var connection = await app.Database.Open(Ct);
            await connection.Run("delete from platform_sign_in_try", Ct);
        }

        public void Dispose() => Http.Dispose();
    }
}
