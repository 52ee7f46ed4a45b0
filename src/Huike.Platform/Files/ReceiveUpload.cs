using System.Net.Mime;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Net.Http.Headers;

namespace Huike.Platform.Files;

/// <summary>Files that came in with a form, on disk until this is disposed.</summary>
/// <param name="Fields">The form's fields.</param>
/// <param name="Files">Each looked into and scanned.</param>
internal sealed record Upload(IReadOnlyDictionary<string, string> Fields, IReadOnlyList<ReceivedFile> Files) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        foreach (var file in Files) { await file.DisposeAsync(); }
    }
}

/// <summary>Takes files that come in to a folder of the system's own until they are looked into.</summary>
internal sealed class ReceiveUpload(PostedForm form, ScanFile scan, IConfiguration configuration)
{
    /// <summary>Most files of one form.</summary>
    public const int Most = 20;

    private const int UsualMegabytes = 25;

    /// <summary>Largest file, in MB; <c>Files:LargestMegabytes</c> in the settings file.</summary>
    public int LargestMegabytes => configuration.GetValue("Files:LargestMegabytes", UsualMegabytes);

    /// <summary>Dispose what comes back when the files are kept.</summary>
    /// <exception cref="RuleException"><c>files.none</c>, <c>files.many</c>, <c>files.size</c>, <c>files.empty</c>, <c>files.ending</c>, <c>files.content</c>, <c>files.scan.found</c>, <c>files.scan.down</c>; nothing is kept.</exception>
    /// <exception cref="BadHttpRequestException">The request is no form or longer than four of the largest files.</exception>
    public async Task<Upload> Run(HttpContext http, CancellationToken ct)
    {
        var files = new List<ReceivedFile>();
        try
        {
            var fields = await form.Read(http, (long)LargestMegabytes << 22, async (name, content, ct) => files.Add(await Take(name, content, files.Count, ct)), ct);
            if (files.Count == 0) { throw new RuleException("files.none"); }
            return new(fields, files);
        }
        catch
        {
            foreach (var file in files) { await file.DisposeAsync(); }
            throw;
        }
    }

    /// <summary>One file that is the body itself, as programs send it. Dispose it when it is kept.</summary>
    /// <exception cref="RuleException"><c>files.name</c>, and those of <see cref="Run(HttpContext, CancellationToken)"/>.</exception>
    public async Task<ReceivedFile> Body(HttpContext http, string name, CancellationToken ct)
    {
        // As with JSON: another site's form can't say that it is this.
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || type.MediaType != MediaTypeNames.Application.Octet) { throw new RuleException("files.body") { Status = StatusCodes.Status415UnsupportedMediaType }; }
        var own = PostedForm.Own(name);
        if (own.Length == 0) { throw new RuleException("files.name"); }
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) { size.MaxRequestBodySize = (long)LargestMegabytes << 22; }
        return await Take(own, http.Request.Body, 0, ct);
    }

    private async Task<ReceivedFile> Take(string name, Stream content, int before, CancellationToken ct)
    {
        if (before == Most) { throw new RuleException("files.many", Most); }
        var disk = new FileStream(Path.Combine(Path.GetTempPath(), $"huike-{Guid.CreateVersion7():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            var buffer = new byte[1 << 16];
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            while (await content.ReadAsync(buffer, ct) is > 0 and var read)
            {
                if (disk.Length + read > (long)LargestMegabytes << 20) { throw new RuleException("files.size", name, LargestMegabytes); }
                hash.AppendData(buffer, 0, read);
                await disk.WriteAsync(buffer.AsMemory(0, read), ct);
            }
            if (disk.Length == 0) { throw new RuleException("files.empty", name); }
            var type = FileType.Of(name, disk);
            await scan.Run(name, disk, ct);
            return new(name, type.Media, Convert.ToHexStringLower(hash.GetCurrentHash()), disk);
        }
        catch
        {
            await disk.DisposeAsync();
            throw;
        }
    }
}
