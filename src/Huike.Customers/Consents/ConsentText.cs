using System.Data.Common;
using Huike.Customers.Processing;
using Huike.Platform.Data;
using Huike.Ui;

namespace Huike.Customers.Consents;

/// <summary>同意文本: the words that a customer agrees to, in both languages. Published once and never changed; a new wording is a new version.</summary>
internal sealed record ConsentText(long Id, long PurposeId, int Version, string Chinese, string English, DateTimeOffset CreatedAt, string CreatedBy)
{
    private const string Columns = "id, purpose_id, version, chinese, english, created_at, created_by";

    /// <summary>All versions of all purposes, newest first.</summary>
    public static Task<List<ConsentText>> All(DbConnection connection, CancellationToken ct) =>
        connection.Rows($"select {Columns} from customers_consent_text order by purpose_id, version desc limit 1000", Map, ct);

    /// <returns>The version in force; null where none was published.</returns>
    public static Task<ConsentText?> Newest(DbConnection connection, long purpose, CancellationToken ct) =>
        connection.First($"select {Columns} from customers_consent_text where purpose_id = @purpose order by version desc limit 1", Map, ct, ("purpose", purpose));

    /// <summary>The wording that comes with the program; null for purposes of the firm's own.</summary>
    public static (string Chinese, string English)? Shipped(Purpose purpose) => $"privacy.consentText.{purpose.Code}" is var key && TextCatalog.For("en").Has(key) ? (TextCatalog.For("zh-CN")[key], TextCatalog.For("en")[key]) : null;

    private static ConsentText Map(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetString(3), row.GetString(4), row.At(5), row.GetString(6));
}
