using Huike.Customers.Ledger;
using Huike.Platform;
using Huike.Platform.Fields;
using Huike.Platform.Files;
using Huike.Platform.Imports;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Huike.Customers.Imports;

/// <summary>Takes a posted load: its files go straight to disk as they come in, so that a gigabyte needs no memory.</summary>
internal sealed class ReceiveFiles(LoadFiles files, PostedForm form, FieldBook own, IConfiguration configuration)
{
    private const int MostFiles = 100;
    private const int UsualMegabytes = 1_024;

    /// <summary>Largest request, in MB; <c>Loads:LargestMegabytes</c> in the settings file.</summary>
    public int LargestMegabytes => configuration.GetValue("Loads:LargestMegabytes", UsualMegabytes);

    /// <returns>Kind, source and files; looked into already, so that a file that is no table is none.</returns>
    /// <exception cref="RuleException"><c>load.files.none</c>, <c>load.files.many</c>, <c>load.kind.missing</c>.</exception>
    /// <exception cref="ImportException">A file is no table; none of them is kept.</exception>
    /// <exception cref="BadHttpRequestException">The request is too large or no form.</exception>
    public async Task<LoadRequest> Run(HttpContext http, string language, CancellationToken ct)
    {
        var kept = new List<LoadFile>();
        try
        {
            var fields = await form.Read(http, (long)LargestMegabytes << 20, (name, content, ct) => Keep(kept, name, content, ct), ct);
            if (kept.Count == 0) { throw new RuleException("load.files.none"); }
            var kind = fields.GetValueOrDefault("kind") switch { "transactions" => LoadKind.Transactions, "customers" => LoadKind.Customers, _ => throw new RuleException("load.kind.missing") };
            var source = fields.GetValueOrDefault("source")?.Trim() is { Length: > 0 and <= 60 } named ? named : "ledger";
            var request = new LoadRequest { Kind = kind, Files = LoadSheets.Of(kept, kind == LoadKind.Customers), Source = source, Language = language };
            LoadPlan.Make(request, own);
            return request;
        }
        catch
        {
            foreach (var file in kept) { File.Delete(file.Path); }
            throw;
        }
    }

    private async Task Keep(List<LoadFile> kept, string name, Stream content, CancellationToken ct)
    {
        if (kept.Count == MostFiles) { throw new RuleException("load.files.many", MostFiles); }
        Directory.CreateDirectory(files.Folder);
        var file = new LoadFile(name, Path.Combine(files.Folder, $"upload-{Guid.CreateVersion7():N}"));
        kept.Add(file);
        await using var disk = File.Create(file.Path);
        await content.CopyToAsync(disk, ct);
    }
}
