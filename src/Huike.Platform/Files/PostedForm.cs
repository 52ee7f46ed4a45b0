using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Huike.Platform.Files;

/// <summary>Takes one of a posted form's files as it comes in.</summary>
/// <param name="name">Its own name, without any folder; only ever shown, never used as a path.</param>
/// <param name="content">To be read to its end.</param>
/// <param name="ct">Ends the read.</param>
public delegate Task TakeFile(string name, Stream content, CancellationToken ct);

/// <summary>Reads a posted form piece by piece, so that files of any size need no memory. Fields are expected before the files, the antiforgery token first of all: nothing is taken from a stranger.</summary>
public sealed class PostedForm(IAntiforgery antiforgery)
{
    private const int LongestName = 120;
    private const int LongestField = 4_000;

    /// <param name="http">The request.</param>
    /// <param name="most">Longest request, in bytes.</param>
    /// <param name="take">Called for each file, in order.</param>
    /// <param name="ct">Ends the read.</param>
    /// <returns>The fields.</returns>
    /// <exception cref="BadHttpRequestException">What came is no form, was cut off, is longer, or has heads that are too long.</exception>
    public async Task<IReadOnlyDictionary<string, string>> Read(HttpContext http, long most, TakeFile take, CancellationToken ct)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) { size.MaxRequestBodySize = most; }
        // Faults of the disk have numbers of the system's own.
        const int fromReader = unchecked((int)0x80131620);
        try
        {
            return await Sections(http, take, ct);
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException { HResult: fromReader } and not BadHttpRequestException)
        {
            throw new BadHttpRequestException("multipart/form-data expected", broken);
        }
    }

    private async Task<Dictionary<string, string>> Sections(HttpContext http, TakeFile take, CancellationToken ct)
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
            if (Name(disposition) is { Length: > 0 } name) { await take(name, section.Body, ct); }
        }
        return fields;
    }

    private static string Name(ContentDispositionHeaderValue disposition) => Own(HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString());

    /// <summary>A file's own name, of what a stranger calls it.</summary>
    internal static string Own(string name)
    {
        name = new string([.. name[(name.LastIndexOfAny(['/', '\\']) + 1)..].Where(c => !char.IsControl(c))]).Trim();
        return name.Length <= LongestName ? name : name[^LongestName..];
    }
}
