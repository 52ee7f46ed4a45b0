using Huike.Customers.Ledger;
using Huike.Platform;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Imports;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Huike.Customers.Imports;

/// <summary>Which column holds which field, kept under a name to be used again.</summary>
internal sealed class SavedMapping
{
    private const int LongestName = 60;

    public SavedMapping(string name, LoadKind kind, string columns, string by, DateTimeOffset now)
    {
        Name = name;
        Kind = kind;
        Columns = columns;
        CreatedBy = by;
        CreatedAt = now;
    }

    // For Entity Framework.
    private SavedMapping()
    {
    }

    public long Id { get; private set; }

    public string Name { get; private set; } = "";

    public LoadKind Kind { get; private set; }

    /// <summary>As <see cref="ColumnMap.ToString"/> writes it.</summary>
    public string Columns { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    public string CreatedBy { get; private set; } = "";

    /// <summary>Keeps a mapping; one of the same name and kind is replaced.</summary>
    /// <exception cref="RuleException"><c>load.mapping.name</c>.</exception>
    public static async Task Save(HuikeDb db, AuditLog audit, SavedMapping mapping, CancellationToken ct)
    {
        if (mapping.Name.Length is 0 or > LongestName) { throw new RuleException("load.mapping.name", LongestName); }
        await audit.Save(db, async () =>
        {
            var old = db.Set<SavedMapping>().Where(old => old.Kind == mapping.Kind && old.Name == mapping.Name);
            var before = await old.Select(old => old.Columns).FirstOrDefaultAsync(ct);
            await old.ExecuteDeleteAsync(ct);
            db.Add(mapping);
            await db.SaveChangesAsync(ct);
            return new("mapping.saved") { Kind = Audited.Mappings.Name, Record = mapping.Id, Changes = [AuditChange.Is("name", mapping.Name), new("columns", before, mapping.Columns)] };
        }, ct);
    }

    internal sealed class Mapping : IEntityTypeConfiguration<SavedMapping>
    {
        public void Configure(EntityTypeBuilder<SavedMapping> builder)
        {
            builder.ToTable("customers_mapping");
            builder.Property(mapping => mapping.Kind).HasConversion<short>();
        }
    }
}
