using System.Text;
using Huike.Platform.Imports;
using Xunit;

namespace Huike.UnitTests.Platform.Imports;

/// <summary>Files for one test, and what is read from them.</summary>
internal sealed class Tables : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("huike-imports-").FullName;
    private int _files;

    static Tables() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A file of the shared data sets; the test is skipped where they are not.</summary>
    internal static string Shared(params string[] path)
    {
        var shared = Environment.GetEnvironmentVariable("HUIKE_SHARED");
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); shared is null && at is not null; at = at.Parent)
        {
            shared = Directory.Exists(Path.Combine(at.FullName, "shared", "data")) ? Path.Combine(at.FullName, "shared") : null;
        }
        Assert.SkipUnless(shared is not null, "The shared data sets are not here.");
        return Path.Combine([shared!, "data", .. path]);
    }

    internal static List<string[]> Rows(TableReader reader, int most = int.MaxValue)
    {
        var rows = new List<string[]>();
        while (rows.Count < most && reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(at => reader[at].ToString())]);
        }
        return rows;
    }

    internal static ColumnMap Map(TableReader reader, TableFields fields) => ColumnMap.Find(fields, reader.Header, reader.HasHeader, Rows(reader, 100));

    internal string NewPath() => Path.Combine(_folder, $"{++_files}");

    internal string File(byte[] content)
    {
        var path = NewPath();
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    internal string File(string content, Encoding? encoding = null)
    {
        encoding ??= new UTF8Encoding(false);
        return File([.. encoding.GetPreamble(), .. encoding.GetBytes(content)]);
    }

    internal TableReader Open(string content, TableOptions? options = null) => TableReader.Open(File(content), options);
}
