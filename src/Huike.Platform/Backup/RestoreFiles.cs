using System.Security.Cryptography;
using Huike.Platform.Data;

namespace Huike.Platform.Backup;

/// <summary>Puts a backup's files into the data folder. Nothing that lies there is written over; lists of lines get those that they lack.</summary>
internal sealed class RestoreFiles(Database database, IEnumerable<KeptOnDisk> kept)
{
    /// <exception cref="RuleException"><c>backup.fileDiffers</c>: another file lies where one has to be; <c>backup.damaged</c>: a file with a place that no backup gives it.</exception>
    public void Check(BackupManifest backup)
    {
        foreach (var file in backup.Files.Where(file => !IsList(file)))
        {
            var place = Place(file);
            if (!File.Exists(place)) { continue; }
            using var there = File.OpenRead(place);
            if (Convert.ToHexStringLower(SHA256.HashData(there)) != file.Hash) { throw new RuleException("backup.fileDiffers", place); }
        }
    }

    /// <summary>Writes them, each under another name until it is whole.</summary>
    public async Task Run(BackupFile backup, CancellationToken ct)
    {
        foreach (var file in backup.Manifest.Files)
        {
            var place = Place(file);
            if (!IsList(file) && File.Exists(place)) { continue; }
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            var part = place + ".part";
            await using (var content = new FileStream(part, Options(file))) { await backup.CopyTo(file, content, ct); }
            if (File.Exists(place))
            {
                await KeptOnDisk.AddLines(place, await File.ReadAllLinesAsync(part, ct), ct);
                File.Delete(part);
            }
            else { File.Move(part, place); }
        }
    }

    private bool IsList(BackedUpFile file) => kept.Any(one => one.IsList && one.Path == file.Path);

    private string Place(BackedUpFile file)
    {
        var place = Path.GetFullPath(Path.Combine(database.DataFolder, file.Path));
        return kept.Any(one => Path.Combine(database.DataFolder, one.Path) is var root && (place == root || place.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            ? place : throw new RuleException("backup.damaged", file.Path);
    }

    private static FileStreamOptions Options(BackedUpFile file)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows() && file.Path.StartsWith("keys/", StringComparison.Ordinal)) { options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; }
        return options;
    }
}
