using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Tokens;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Huike.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Customers.PhoneBooks;

/// <summary>One's own address book on the phone: who may fetch it, and what came of it.</summary>
/// <param name="Keys">Passwords of devices.</param>
/// <param name="Cards">How many cards devices were given.</param>
/// <param name="ReadAt">When a device looked last; null: none did.</param>
/// <param name="WrittenAt">When one changed something last.</param>
/// <param name="RefusedAt">When something that one wanted was refused last.</param>
internal sealed record PhoneBookView(IReadOnlyList<Token> Keys, long Cards, DateTimeOffset? ReadAt, DateTimeOffset? WrittenAt, DateTimeOffset? RefusedAt)
{
    /// <summary>Where a phone finds it.</summary>
    public required string Address { get; init; }

    /// <summary>The name by which it signs in.</summary>
    public required string User { get; init; }

    /// <summary>A password that is shown this once.</summary>
    public string? Made { get; init; }

    /// <summary>What is wrong.</summary>
    public string? Error { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required TimeZoneInfo Zone { get; init; }
}

/// <summary>Routes of the page.</summary>
internal static class PhoneBookEndpoints
{
    public const string Path = "/account/phone-book";

    public static void MapPhoneBookPages(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup(Path).RequireAuthorization(CustomerPermissions.Cards);
        own.MapGet("/", (HttpContext http, Answer answer, CancellationToken ct) => answer.Show(http, null, null, ct));
        own.MapPost("/", async (HttpContext http, Answer answer, IDoorKeys keys, TokenDoor door, Texts texts, IFormCollection form, CancellationToken ct) =>
        {
            try
            {
                return await answer.Show(http, await keys.Make(http.User.Access(), door, form["name"].ToString(), form["formKey"].ToString(), ct), null, ct);
            }
            catch (RuleException refused)
            {
                return await answer.Show(http, null, texts[refused.Code, [.. refused.Args]], ct);
            }
        });
        own.MapPost("/{key:long}/end", async (HttpContext http, Answer answer, long key, [FromForm] string? confirm, CancellationToken ct) =>
        {
            await answer.End(http.User.Access().UserId, key, ct);
            return TypedResults.LocalRedirect(Path);
        });
    }

    /// <summary>The page.</summary>
    internal sealed class Answer(IDoorKeys keys, TokenDoor door, Database database, SettingsStore settings, Shown<PhoneBookView> shown)
    {
        public async Task<IResult> Show(HttpContext http, string? made, string? error, CancellationToken ct)
        {
            var viewer = Viewer.Of(http);
            var devices = await keys.Of(viewer.UserId, door, ct);
            var firm = await settings.Get<FirmSettings>(ct);
            await using var connection = await database.Open(ct);
            var row = await connection.First("select read_at, written_at, refused_at, (select count(*) from customers_card where user_id = @user and tag is not null) from customers_phone_book where user_id = @user", row => (row.AtOrNull(0), row.AtOrNull(1), row.AtOrNull(2), Cards: row.GetInt64(3)), ct, ("user", viewer.UserId));
            shown.Value = new(devices, row.Cards, row.Item1, row.Item2, row.Item3)
            {
                Address = $"{http.Request.Scheme}://{http.Request.Host}{DavTree.Root}",
                User = http.User.Identity!.Name!,
                Made = made,
                Error = error,
                Now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(),
                Zone = firm.Zone,
            };
            return Pages.Show<PhoneBookPage>(http, http.RequestServices.GetRequiredService<Texts>()["cards.book.title"], status: error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
        }

        /// <summary>Ends a device's password. After the last one nothing is kept of the book.</summary>
        public async Task End(long userId, long key, CancellationToken ct)
        {
            await keys.End(userId, key, ct);
            if ((await keys.Of(userId, door, ct)).Count > 0) { return; }
            using var turn = await database.WriteTurn(ct);
            await using var connection = await database.Open(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await PhoneBook.Forget(connection, userId, ct);
            await transaction.CommitAsync(ct);
        }
    }
}
