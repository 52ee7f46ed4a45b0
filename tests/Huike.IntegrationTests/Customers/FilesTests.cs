using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Huike.Customers.Contracts;
using Huike.IntegrationTests.Platform.Audit;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Builder;

namespace Huike.IntegrationTests.Customers;

/// <summary>Files of a customer: what is taken, how it comes back, and for whom. That their policy is the record's own is tried by <c>PolicyTests</c>.</summary>
public sealed class FilesTests
{
    private static readonly byte[] Picture = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_file_comes_in_is_shown_comes_back_byte_for_byte_and_goes(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.UserWith(CustomerPermissions.Read, CustomerPermissions.Edit);
        await Given.Customers(app, "number,name\nK1,张三\n");
        // Three parts and a bit.
        var words = Encoding.UTF8.GetBytes("合同：" + new string('x', (3 << 18) + 17));
        var (key, token) = (Guid.CreateVersion7().ToString("N"), await visitor.Token("/customers/1"));
        for (var again = 0; again < 2; again++)
        {
            using var sent = await Send(visitor, token, key, ("../Vertrag 合同.txt", words), ("site.PNG", Picture));
            Assert.Equal((HttpStatusCode.Redirect, "/customers/1#files"), (sent.StatusCode, sent.Headers.Location?.ToString()));
        }
        var list = await visitor.Page("/customers/1/files");
        Assert.Equal(["site.PNG", "Vertrag 合同.txt"], list.QuerySelectorAll(".file-name a").Select(link => link.TextContent));
        Assert.NotNull(list.QuerySelector("img[src='/customers/1/files/2']"));
        using var text = await visitor.Get("/customers/1/files/1");
        Assert.Equal(words, await text.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal(("text/plain; charset=utf-8", "inline", "nosniff"), (text.Content.Headers.ContentType?.ToString(), text.Content.Headers.ContentDisposition?.DispositionType, text.Headers.GetValues("X-Content-Type-Options").Single()));
        Assert.Equal("Vertrag 合同.txt", text.Content.Headers.ContentDisposition?.FileNameStar);
        using var saved = await visitor.Get("/customers/1/files/2?save=true");
        Assert.Equal(("image/png", "attachment", Picture.Length), (saved.Content.Headers.ContentType?.ToString(), saved.Content.Headers.ContentDisposition?.DispositionType, saved.Content.Headers.ContentLength));
        using var known = await visitor.Send(new(HttpMethod.Get, "/customers/1/files/2") { Headers = { IfNoneMatch = { saved.Headers.ETag! } } });
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        var file = await visitor.Page("/customers/1");
        Assert.Contains("site.PNG", file.QuerySelector("#files")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("/customers/1/files/2", file.QuerySelectorAll(".timeline a").Single(link => link.TextContent == "site.PNG").GetAttribute("href"));

        using var gone = await visitor.Submit("/customers/1/files", "/customers/1/files/2/removal", ("confirm", "true"));
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Get("/customers/1/files/2")).StatusCode);
        Assert.Equal((1, 4), (await app.Number("select count(*) from platform_file"), await app.Number("select count(*) from platform_file_part")));
        Assert.Equal(["""user1 record.file-added customer 1 [{"field":"file","old":null,"new":"Vertrag 合同.txt"},{"field":"file","old":null,"new":"site.PNG"}]"""], await app.Entries("record.file-added"));
        Assert.Equal(["""user1 record.file-removed customer 1 [{"field":"file","old":"site.PNG","new":null}]"""], await app.Entries("record.file-removed"));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_not_what_it_says_is_refused_by_name_and_nothing_is_kept(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind, builder => builder.Configuration["Files:LargestMegabytes"] = "1");
        using var visitor = await app.UserWith(CustomerPermissions.Read, CustomerPermissions.Edit);
        await Given.Customers(app, "number,name\nK1,张三\n");
        var token = await visitor.Token("/customers/1");
        foreach (var (name, content, told) in new (string, byte[], string)[]
        {
            ("page.html", "<script>alert(1)</script>"u8.ToArray(), "aren't taken"),
            ("run.exe", "MZ"u8.ToArray(), "aren't taken"),
            ("picture.svg", "<svg/>"u8.ToArray(), "aren't taken"),
            ("no-ending", Picture, "aren't taken"),
            ("picture.png", "<script>alert(1)</script>"u8.ToArray(), "isn't a png file inside"),
            ("letter.txt", Picture, "isn't a txt file inside"),
            ("sheet.xlsx", Packed("xl/workbook.xml", "xl/vbaProject.bin"), "holds macros"),
            ("letter.docx", Packed("xl/workbook.xml"), "isn't a docx file inside"),
            ("letter.docx", "PK\u0003\u0004 and no more"u8.ToArray(), "isn't a docx file inside"),
            ("nothing.txt", [], "is empty"),
            ("large.txt", Encoding.ASCII.GetBytes(new string('x', (1 << 20) + 1)), "larger than 1 MB"),
        })
        {
            // Beside one that is right: all or none.
            using var refused = await Send(visitor, token, Guid.CreateVersion7().ToString("N"), ("right.png", Picture), (name, content));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains(told, WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync(Ct)), StringComparison.Ordinal);
        }
        using var none = await Send(visitor, token, Guid.CreateVersion7().ToString("N"));
        using var many = await Send(visitor, token, Guid.CreateVersion7().ToString("N"), [.. Enumerable.Range(0, 21).Select(i => ($"{i}.png", Picture))]);
        using var stranger = await Send(visitor, "wrong", Guid.CreateVersion7().ToString("N"), ("right.png", Picture));
        using var keyless = await Send(visitor, token, "x", ("right.png", Picture));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity, HttpStatusCode.BadRequest, HttpStatusCode.UnprocessableEntity), (none.StatusCode, many.StatusCode, stranger.StatusCode, keyless.StatusCode));
        using var taken = await Send(visitor, token, Guid.CreateVersion7().ToString("N"), ("sheet.xlsx", Packed("xl/workbook.xml")), ("old.csv", Encoding.GetEncoding("gb18030").GetBytes("客户,金额")));
        Assert.Equal((HttpStatusCode.Redirect, 2), (taken.StatusCode, await app.Number("select count(*) from platform_file")));
        Assert.Equal(1, await app.Number("select count(*) from platform_file where type = 'text/plain; charset=gb18030'"));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Who_sees_open_fields_alone_sees_no_files_and_a_customer_who_goes_takes_them_along(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var visitor = await app.Administrator();
        await Given.Customers(app, "number,name\nK1,张三\nK2,李四\n");
        foreach (var customer in (int[])[1, 2]) { (await Send(visitor, await visitor.Token("/customers/1"), Guid.CreateVersion7().ToString("N"), customer, ("site.png", Picture))).Dispose(); }
        await app.AddUserWith("veiled", 1, new(new Dictionary<string, RecordScope> { [CustomerPermissions.Read] = RecordScope.All, [CustomerPermissions.Edit] = RecordScope.All },
            new Dictionary<string, FieldAccess> { ["customers"] = new(1, 1) }));
        using var veiled = await app.As("veiled");
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), ((await veiled.Get("/customers/1/files")).StatusCode, (await veiled.Get("/customers/1/files/1")).StatusCode));
        using var refused = await Send(veiled, await veiled.Token("/customers/1"), Guid.CreateVersion7().ToString("N"), ("site.png", Picture));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.DoesNotContain("site.png", await veiled.Text("/customers/1"), StringComparison.Ordinal);
        // Of another customer it isn't.
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Get("/customers/1/files/2")).StatusCode);
        using var removed = await visitor.Submit("/customers/1", "/customers/1/removal", ("confirm", "true"));
        using var again = await Send(visitor, await visitor.Token("/customers/2"), Guid.CreateVersion7().ToString("N"), ("site.png", Picture));
        // In the bin he has them still, and nothing comes to them; for good they go with him.
        Assert.Equal((HttpStatusCode.Found, "/customers/bin/1", 2), (again.StatusCode, again.Headers.Location?.OriginalString, await app.Number("select count(*) from platform_file")));
        using var purged = await visitor.Submit("/customers/bin", "/customers/bin/purge", ("id", "1"));
        Assert.Equal((1, 1), (await app.Number("select count(*) from platform_file"), await app.Number("select count(*) from platform_file_part")));
        Assert.Empty(app.Errors);
    }

    [Theory, OnBothDatabases]
    public async Task Nothing_is_kept_that_the_scanner_did_not_pass(DatabaseKind kind)
    {
        using var scanner = new Clamd();
        await using var app = await HuikeApp.Start(kind, builder => builder.Configuration["Files:Scanner"] = scanner.Address);
        using var visitor = await app.Administrator();
        await Given.Customers(app, "number,name\nK1,张三\n");
        var token = await visitor.Token("/customers/1");
        using var bad = await Send(visitor, token, Guid.CreateVersion7().ToString("N"), ("right.png", Picture), ("eicar.txt", "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"u8.ToArray()));
        Assert.Contains("found Eicar-Signature in “eicar.txt”", WebUtility.HtmlDecode(await bad.Content.ReadAsStringAsync(Ct)), StringComparison.Ordinal);
        using var good = await Send(visitor, token, Guid.CreateVersion7().ToString("N"), ("large.txt", Encoding.ASCII.GetBytes(new string('x', 200_000))));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.Redirect, 200_000), (bad.StatusCode, good.StatusCode, scanner.Largest));
        scanner.Dispose();
        using var down = await Send(visitor, token, Guid.CreateVersion7().ToString("N"), ("right.png", Picture));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (down.StatusCode, await app.Number("select count(*) from platform_file")));
        Assert.Empty(app.Errors);
    }

    private static Task<HttpResponseMessage> Send(Visitor visitor, string token, string key, params (string Name, byte[] Content)[] files) => Send(visitor, token, key, 1, files);

    private static async Task<HttpResponseMessage> Send(Visitor visitor, string token, string key, int customer, params (string Name, byte[] Content)[] files)
    {
        using var form = new MultipartFormDataContent { { new StringContent(token), "__RequestVerificationToken" }, { new StringContent(key), "formKey" } };
        foreach (var (name, content) in files) { form.Add(new ByteArrayContent(content), "files", name); }
        return await visitor.Send(new(HttpMethod.Post, $"/customers/{customer}/files") { Content = form });
    }

    private static byte[] Packed(params string[] parts)
    {
        var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create)) { foreach (var part in parts.Prepend("[Content_Types].xml")) { archive.CreateEntry(part).Open().Dispose(); } }
        return bytes.ToArray();
    }

    /// <summary>Speaks clamd's protocol (INSTREAM) and knows one signature.</summary>
    private sealed class Clamd : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);

        public Clamd()
        {
            listener.Start();
            _ = Serve();
        }

        public string Address => $"tcp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

        public int Largest { get; private set; }

        public void Dispose() => listener.Stop();

        private async Task Serve()
        {
            while (true)
            {
                TcpClient client;
                try { client = await listener.AcceptTcpClientAsync(); }
                catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException) { return; }
                using (client)
                {
                    var stream = client.GetStream();
                    var command = new byte[10];
                    await stream.ReadExactlyAsync(command);
                    if (!command.AsSpan().SequenceEqual("zINSTREAM\0"u8)) { continue; }
                    var content = new MemoryStream();
                    var length = new byte[4];
                    while (true)
                    {
                        await stream.ReadExactlyAsync(length);
                        var chunk = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
                        if (chunk.Length == 0) { break; }
                        await stream.ReadExactlyAsync(chunk);
                        content.Write(chunk);
                    }
                    Largest = Math.Max(Largest, (int)content.Length);
                    var found = Encoding.ASCII.GetString(content.ToArray()).Contains("EICAR-STANDARD", StringComparison.Ordinal);
                    await stream.WriteAsync(found ? "stream: Eicar-Signature FOUND\0"u8.ToArray() : "stream: OK\0"u8.ToArray());
                }
            }
        }
    }
}
