using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform;

public sealed class SettingsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task What_was_never_saved_has_its_defaults(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var firm = await app.Services.GetRequiredService<SettingsStore>().Get<FirmSettings>(Ct);
        Assert.Equal(("CNY", "Asia/Shanghai", 0), (firm.Currency, firm.TimeZone, firm.Rates.Count));
    }

    [Theory, OnBothDatabases]
    public async Task What_one_node_saves_another_reads_within_five_seconds(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        var clock = app.Services.GetRequiredService<TimeProvider>();
        var one = new SettingsStore(app.Database, app.Services.GetRequiredService<AuditLog>(), clock);
        var other = new SettingsStore(app.Database, app.Services.GetRequiredService<AuditLog>(), clock);
        Assert.Equal("CNY", (await other.Get<FirmSettings>(Ct)).Currency);
        await one.Save(new FirmSettings { Currency = "EUR", Rates = new Dictionary<string, decimal> { ["CNY"] = 0.1234567m } }, "anna", Ct);
        Assert.Equal("EUR", (await one.Get<FirmSettings>(Ct)).Currency);
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        var read = await other.Get<FirmSettings>(Ct);
        Assert.Equal(("EUR", 0.1234567m), (read.Currency, read.Rates["CNY"]));
    }
}
