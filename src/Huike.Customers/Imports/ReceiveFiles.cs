using Huike.Customers.Ledger;
using Huike.Platform;
using Huike.Platform.Imports;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Configuration;
using Microsoft.Net.Http.Headers;

namespace Huike.Customers.Imports;

/// <summary>
/// Takes a posted load: its files go straight to disk as they come in, so that a gigabyte needs no memory. Fields are expected before the files, the antiforgery
/// token first of all: nothing is written for a stranger.
/// </summary>
internal sealed class ReceiveFiles(LoadFiles files, IAntiforgery antiforgery, IConfiguration configuration)
{
    private const int MostFiles = 100;
    private const int LongestName = 120;
    private const int LongestField = 4_000;
    private const int UsualMegabytes = 1_024;

    /// <summary>Largest request, in MB; <c>Loads:LargestMegabytes</c> in the settings file.</summary>
    public int LargestMegabytes => configuration.GetValue("Loads:LargestMegabytes", UsualMegabytes);

    /// <returns>Kind, source and files; looked into already, so that a file that is no table is none.</returns>
    /// <exception cref="RuleException"><c>load.files.none</c>, <c>load.files.many</c>, <c>load.kind.missing</c>.</exception>
    /// <exception cref="ImportException">A file is no table; none of them is kept.</exception>
    /// <exception cref="BadHttpRequestException">The request is too large or no form.</exception>
    public async Task<LoadRequest> Run(HttpContext http, string language, CancellationToken ct)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) { size.MaxRequestBodySize = (long)LargestMegabytes << 20; }
        var kept = new List<LoadFile>();
        try
        {
            var fields = await Sent(http, kept, ct);
            if (kept.Count == 0) { throw new RuleException("load.files.none"); }
            var kind = fields.GetValueOrDefault("kind") switch { "transactions" => LoadKind.Transactions, "customers" => LoadKind.Customers, _ => throw new RuleException("load.kind.missing") };
            var source = fields.GetValueOrDefault("source")?.Trim() is { Length: > 0 and <= 60 } named ? named : "ledger";
            var request = new LoadRequest { Kind = kind, Files = kept, Source = source, Language = language };
            LoadPlan.Make(request);
            return request;
        }
        catch
        {
            foreach (var file in kept) { File.Delete(file.Path); }
            throw;
        }
    }

    /// <exception cref="BadHttpRequestException">What came is no form, was cut off, or has heads that are too long.</exception>
    private async Task<Dictionary<string, string>> Sent(HttpContext http, List<LoadFile> kept, CancellationToken ct)
    {
        // Faults of the disk have numbers of the system's own.
        const int fromReader = unchecked((int)0x80131620);
        try
        {
            return await Read(http, kept, ct);
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException { HResult: fromReader } and not BadHttpRequestException)
        {
            throw new BadHttpRequestException("multipart/form-data expected", broken);
        }
    }

    private async Task<Dictionary<string, string>> Read(HttpContext http, List<LoadFile> kept, CancellationToken ct)
    {
        var boundary = MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) ? HeaderUtilities.RemoveQuotes(type.Boundary).Value : null;
        if (boundary is null) { throw new BadHttpRequestException("multipart/form-data expected"); }
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = new MultipartReader(boundary, http.Request.Body);
        var checkedToken = false;
        while (await reader.ReadNextSectionAsync(ct) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)) { continue; }
            if (!disposition.IsFileDisposition())
            {
                using var text = new StreamReader(section.Body);
                var buffer = new char[LongestField];
                fields[HeaderUtilities.RemoveQuotes(disposition.Name).ToString()] = new(buffer, 0, await text.ReadBlockAsync(buffer, ct));
                continue;
            }
            if (!checkedToken)
            {
                if (fields.TryGetValue("__RequestVerificationToken", out var token)) { http.Request.Headers["X-Antiforgery"] = token; }
                // Without one at hand it would be looked for in the body, which is being read here.
                if (http.Request.Headers["X-Antiforgery"].Count == 0 || !await antiforgery.IsRequestValidAsync(http)) { throw new BadHttpRequestException("antiforgery"); }
                checkedToken = true;
            }
            var name = Name(disposition);
            if (name.Length == 0) { continue; }
            if (kept.Count == MostFiles) { throw new RuleException("load.files.many", MostFiles); }
            Directory.CreateDirectory(files.Folder);
            var file = new LoadFile(name, Path.Combine(files.Folder, $"upload-{Guid.CreateVersion7():N}"));
            kept.Add(file);
            await using var disk = File.Create(file.Path);
            await section.Body.CopyToAsync(disk, ct);
        }
        return fields;
    }

    /// <summary>The file's own name without any folder or control character; it is only ever shown, never used as a path.</summary>
    private static string Name(ContentDispositionHeaderValue disposition)
    {
        var name = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
        name = new string([.. name[(name.LastIndexOfAny(['/', '\\']) + 1)..].Where(c => !char.IsControl(c))]).Trim();
        return name.Length <= LongestName ? name : name[^LongestName..];
    }
}
