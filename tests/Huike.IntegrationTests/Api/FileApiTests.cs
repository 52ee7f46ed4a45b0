using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Access;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;

namespace Huike.IntegrationTests.Api;

/// <summary>Files of customers as programs send and read them. Kinds, content and scanner are those of the pages (FilesTests).</summary>
public sealed class FileApiTests
{
    private const string Files = "/api/customers/1/files";
    private const string Unread = "If-Match";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_file_is_sent_once_under_its_key_listed_downloaded_and_removed(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var program = await app.UserWith(CustomerPermissions.Read, CustomerPermissions.Edit);
        await Given.Customers(app, "number,name\nK1,张三\nK2,李四\n");
        // Three parts and a bit.
        var words = Encoding.UTF8.GetBytes("合同：" + new string('x', (3 << 18) + 17));
        var path = $"{Files}?name={Uri.EscapeDataString("../合同.txt")}";
        using var tried = await program.Bytes(path + "&dry-run=true", words);
        Assert.Equal((HttpStatusCode.Created, 0), (tried.StatusCode, await app.Number("select count(*) from platform_file")));
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => program.Bytes(path, words, ("Idempotency-Key", "contract-7"))));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.Equal((3, 1), (answers.Count(answer => answer.Headers.Contains("Idempotent-Replay")), await app.Number("select count(*) from platform_file")));
        using var other = await program.Bytes(path, "another"u8.ToArray(), ("Idempotency-Key", "contract-7"));
        Assert.Equal("api.key.other", await Code(other));
        var address = answers[0].Headers.Location!.OriginalString;
        var made = (await TokensTests.Body(answers[0])).AsObject();
        Assert.Equal(("合同.txt", "text/plain; charset=utf-8", words.Length, "user1"), ((string?)made["name"], (string?)made["type"], (int)made["size"]!, (string?)made["createdBy"]));
        using var read = await program.Get(address);
        Assert.Equal((made.ToJsonString(), $"\"{made["hash"]}\""), ((await TokensTests.Body(read)).ToJsonString(), read.Headers.ETag!.Tag));
        Assert.Equal(made.ToJsonString(), JsonNode.Parse(await program.Text(Files))!["rows"]![0]!.ToJsonString());
        using var content = await program.Get(address + "/content");
        Assert.Equal(words, await content.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal(("text/plain; charset=utf-8", "attachment", "合同.txt"), (content.Content.Headers.ContentType?.ToString(), content.Content.Headers.ContentDisposition?.DispositionType, content.Content.Headers.ContentDisposition?.FileNameStar));

        (string? Match, string Path, HttpStatusCode Status)[] removals =
        [
            (null, address, HttpStatusCode.PreconditionRequired), ("\"1\"", address, HttpStatusCode.PreconditionFailed), ("*", address.Replace("customers/1", "customers/2", StringComparison.Ordinal), HttpStatusCode.NotFound),
            (read.Headers.ETag.Tag, address, HttpStatusCode.NoContent), (read.Headers.ETag.Tag, address, HttpStatusCode.NotFound),
        ];
        foreach (var (match, file, status) in removals)
        {
            using var removed = await program.Json("DELETE", file, headers: match is null ? [] : [(Unread, match)]);
            Assert.Equal((match, status), (match, removed.StatusCode));
        }
        Assert.Equal((1, 1, 0), ((await app.Entries("record.file-added")).Count, (await app.Entries("record.file-removed")).Count, await app.Number("select count(*) from platform_file_part")));
        foreach (var answer in answers) { answer.Dispose(); }
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_refused_is_named_and_nothing_is_kept(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind, builder => builder.Configuration["Files:LargestMegabytes"] = "1");
        using var program = await app.Administrator();
        await Given.Customers(app, "number,name\nK1,张三\n");
        (string Query, byte[] Bytes, int Status, string Code)[] wishes =
        [
            ("", "a"u8.ToArray(), 422, "files.name"), ("?name=%2f", "a"u8.ToArray(), 422, "files.name"), ("?name=a.txt", [], 422, "files.empty"), ("?name=page.html", "<p>"u8.ToArray(), 422, "files.ending"),
            ("?name=a.png", "<script>"u8.ToArray(), 422, "files.content"), ("?name=a.txt", Encoding.ASCII.GetBytes(new string('x', (1 << 20) + 1)), 422, "files.size"), ("?name=a.txt&dry-run=maybe", "a"u8.ToArray(), 422, "api.dryRun.wrong"),
        ];
        foreach (var (query, bytes, status, code) in wishes)
        {
            using var refused = await program.Bytes(Files + query, bytes);
            Assert.Equal((query, status, code), (query, (int)refused.StatusCode, await Code(refused)));
        }
        using var json = await program.Json("POST", Files + "?name=a.txt", "{}");
        // Said to be nothing, routing lets it pass.
        using var untold = await program.Send(new(HttpMethod.Post, Files + "?name=a.txt") { Content = new ByteArrayContent("a"u8.ToArray()) });
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, HttpStatusCode.UnsupportedMediaType, "files.body"), (json.StatusCode, untold.StatusCode, await Code(untold)));
        Assert.Equal(0, await app.Number("select count(*) from platform_file"));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Who_may_not_see_the_record_or_its_inner_fields_gets_no_file_and_a_narrow_token_none_in(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        await Given.Customers(app, "number,name\nK1,张三\nK2,李四\n");
        (await administrator.Bytes(Files + "?name=a.txt", "a"u8.ToArray())).Dispose();
        await app.AddUserWithRoles("anna", 1, "salesperson");
        await app.AddUserWith("veiled", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.All, [CustomerPermissions.Edit] = RecordScope.All }, new Dictionary<string, FieldAccess> { ["customers"] = new(1, 1) }));
        foreach (var (name, status) in new[] { ("anna", HttpStatusCode.NotFound), ("veiled", HttpStatusCode.Forbidden) })
        {
            using var visitor = await app.As(name);
            using var added = await visitor.Bytes(Files + "?name=b.txt", "b"u8.ToArray());
            using var removed = await visitor.Json("DELETE", Files + "/1", headers: (Unread, "*"));
            foreach (var path in (string[])["", "/1", "/1/content"]) { Assert.Equal((name, path, status), (name, path, (await visitor.Get(Files + path)).StatusCode)); }
            Assert.Equal((status, status), (added.StatusCode, removed.StatusCode));
        }
        var reading = await TokensTests.Made(administrator, "/account/tokens");
        using var program = app.Anonymous();
        using var read = await TokensTests.With(program, reading, "GET", Files + "/1/content");
        using var refused = await program.Bytes(Files + "?name=b.txt", "b"u8.ToArray(), ("Authorization", "Bearer " + reading));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden, "access.token.scope"), (read.StatusCode, refused.StatusCode, await Code(refused)));
        Assert.Equal(1, await app.Number("select count(*) from platform_file"));
        Assert.Empty(app.Errors);
    }

    private static async Task<string?> Code(HttpResponseMessage answer) => (string?)(await TokensTests.Body(answer))["code"];
}
