using Huike.Platform.Access.Records;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Microsoft.AspNetCore.Http;

namespace Huike.Platform.Files;

/// <summary>What is shown of a record's files.</summary>
internal sealed class FileCard(Database database, RecordPolicy policy, SettingsStore settings, ReceiveUpload receive, IHttpContextAccessor http, TimeProvider clock)
{
    /// <summary>Whose they are.</summary>
    public FileOwner Owner { get; private set; } = null!;

    public long Record { get; private set; }

    /// <summary>What the record is called.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Newest first.</summary>
    public IReadOnlyList<StoredFile> Files { get; private set; } = [];

    /// <summary>Number of the last file shown where older ones follow; null otherwise.</summary>
    public long? Before { get; private set; }

    /// <summary>Whether newer ones are left out.</summary>
    public bool IsLater { get; private set; }

    /// <summary>Whether the visitor may add and remove.</summary>
    public bool MayEdit { get; private set; }

    /// <summary>Why what was sent isn't kept; null: nothing was refused.</summary>
    public string? Fault { get; private set; }

    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    public int LargestMegabytes => receive.LargestMegabytes;

    /// <summary>In which days are told.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    public async Task Read(FileOwner owner, long record, long before, int most, string? fault = null)
    {
        var (context, ct) = (http.HttpContext!, http.HttpContext!.RequestAborted);
        await using var connection = await database.Open(ct);
        var files = await FileStore.List(connection, owner.Kind, record, before, most + 1, ct);
        (Owner, Record, IsLater, Fault) = (owner, record, before > 0, fault);
        (Files, Before) = files.Count > most ? (files[..most], files[most - 1].Id) : (files, (long?)null);
        Name = await owner.NameOf(connection, record, ct);
        Zone = (await settings.Get<FirmSettings>(ct)).Zone;
        MayEdit = (await policy.Allowed(connection, context.User.Access(), owner.Kind, record, ct)).Contains(RecordAction.Edit) && await IsOpen(connection, ct);
    }

    private async Task<bool> IsOpen(System.Data.Common.DbConnection connection, CancellationToken ct)
    {
        try
        {
            await Owner.Demand(connection, Record, ct);
            return true;
        }
        catch (RuleException)
        {
            return false;
        }
    }
}
