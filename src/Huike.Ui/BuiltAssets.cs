using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Huike.Ui;

/// <summary>The built style sheet, script, icons and font, embedded with their compressed twins.</summary>
internal static class BuiltAssets
{
    private static readonly FrozenDictionary<string, byte[]> _files = Load();

    // One version for all: they are built together, and a style sheet names the font relative to itself.
    private static readonly string _version = Fingerprint();

    /// <summary>The address of a file, which changes when any of them does.</summary>
    internal static string Href(string name) => $"/assets/{_version}/{name}";

    internal static IReadOnlyDictionary<string, byte[]> Files => _files;

    internal static IResult Serve(HttpContext http, string version, string name)
    {
        var kind = Path.GetExtension(name) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            ".woff2" => "font/woff2",
            _ => null,
        };
        if (kind is null || !_files.TryGetValue(name, out var bytes))
        {
            return TypedResults.NotFound();
        }
        var accepted = http.Request.Headers.AcceptEncoding.ToString();
        foreach (var (encoding, suffix) in (ReadOnlySpan<(string, string)>)[("br", ".br"), ("gzip", ".gz")])
        {
            if (accepted.Contains(encoding, StringComparison.OrdinalIgnoreCase) && _files.TryGetValue(name + suffix, out var twin))
            {
                http.Response.Headers.ContentEncoding = encoding;
                bytes = twin;
                break;
            }
        }
        http.Response.Headers.Vary = "Accept-Encoding";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        // An old address (a page from before an upgrade) still works, but must not be kept under it.
        http.Response.Headers.CacheControl = string.Equals(version, _version, StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        return TypedResults.Bytes(bytes, kind);
    }

    private static FrozenDictionary<string, byte[]> Load()
    {
        const string folder = "Assets/";
        var assembly = typeof(BuiltAssets).Assembly;
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            files[name[folder.Length..]] = bytes;
        }
        return files.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, bytes) in _files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset()[..6]);
    }
}
