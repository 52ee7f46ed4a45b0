using System.Data.Common;
using Huike.Platform.Data;
using Huike.Ui;

namespace Huike.Customers.Processing;

/// <summary>Why the law lets us process (PIPL article 13).</summary>
internal enum LawfulBasis
{
    /// <summary>同意.</summary>
    Consent = 1,

    /// <summary>订立、履行合同所必需.</summary>
    Contract = 2,

    /// <summary>履行法定职责或者法定义务所必需.</summary>
    Duty = 3,

    /// <summary>紧急情况下为保护生命健康和财产安全所必需.</summary>
    Emergency = 4,

    /// <summary>个人自行公开或者其他已经合法公开.</summary>
    Disclosed = 5,
}

/// <summary>A line of the register: what is processed, of whom, what for. A text that is null is as shipped, in the reader's language.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Code">Stable name: of a shipped one a word, of the firm's own <c>own-1</c>.</param>
/// <param name="Basis">Why we may.</param>
/// <param name="Texts">The firm's own words, in the order of <see cref="Fields"/>.</param>
/// <param name="RetiredAt">Nothing new is done for it since; null: in use.</param>
/// <param name="Version">Of the row; two people don't write over each other.</param>
internal sealed record Purpose(long Id, string Code, LawfulBasis Basis, IReadOnlyList<string?> Texts, DateTimeOffset? RetiredAt, int Version)
{
    public const string Columns = "id, code, basis, name, persons, categories, recipients, keeping, measures, retired_at, version";

    /// <summary>The texts by name, as columns, inputs and text keys have them.</summary>
    public static readonly string[] Fields = ["name", "persons", "categories", "recipients", "keeping", "measures"];

    public bool IsRetired => RetiredAt is not null;

    public string Name(Texts texts) => Told(texts, 0);

    /// <summary>A text as readers see it: the firm's, or the shipped one.</summary>
    public string Told(Texts texts, int field) => Texts[field] ?? Shipped(texts, field) ?? "";

    /// <summary>The text as shipped, in a language; null for purposes of the firm's own.</summary>
    public string? Shipped(Texts texts, int field) => $"privacy.purpose.{Code}.{Fields[field]}" is var key && texts.Has(key) ? texts[key] : null;

    /// <summary>Reads the columns in their order.</summary>
    public static Purpose Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), (LawfulBasis)row.GetInt16(2), [.. Enumerable.Range(3, Fields.Length).Select(row.TextOrNull)], row.AtOrNull(9), row.GetInt32(10));
}
