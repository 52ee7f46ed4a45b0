using System.Net;
using AngleSharp.Dom;
using Huike.Customers.Contracts;
using Huike.Platform.Access;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform;

/// <summary>The page of all settings, and the firm's form.</summary>
public sealed class SettingsPagesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task It_lists_every_record_of_settings_with_value_default_and_who_changed_it(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        // Whatever is kept as settings and told by the audit stands on the page; the demo's own is no setting.
        var listed = app.Services.GetServices<SettingsSubject>().Select(subject => subject.Record.Name).ToHashSet();
        Assert.Empty(app.Services.GetServices<AuditedKind>().Select(kind => kind.Name).Where(name => (name.EndsWith("Settings", StringComparison.Ordinal) || name.EndsWith("Rules", StringComparison.Ordinal)) && name != "DemoSettings").Except(listed));
        using var visitor = await app.Administrator();
        var before = await visitor.Page("/admin/settings");
        Assert.Equal(["Asia/Shanghai", "Asia/Shanghai"], Cells(before, "Time zone")[1..3]);
        Assert.Equal(["30 %", "30 %"], Cells(before, "Default margin")[1..3]);
        Assert.Equal("By shares", Cells(before, "Cut")[1]);
        Assert.DoesNotContain("{0}", before.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Nobody changed it yet", before.Body!.TextContent, StringComparison.Ordinal);
        using var saved = await Save(visitor, "eur", "Europe/Berlin", "usd 0.9\nCNY 0.128");
        Assert.Equal("/admin/settings", saved.Headers.Location!.OriginalString);
        var after = await visitor.Page("/admin/settings");
        Assert.Equal(["EUR changed", "CNY"], Cells(after, "Currency")[1..3]);
        Assert.Equal("USD: 0.9, CNY: 0.128 changed", Cells(after, "Rates of exchange")[1]);
        Assert.Matches("Saved on .* by admin", after.Body!.TextContent);
        Assert.Equal("USD 0.9", (await visitor.Page("/admin/settings/firm")).QuerySelector("textarea")!.TextContent.Trim().Split('\n')[^1]);
        Assert.Equal("EUR", (await app.Services.GetRequiredService<SettingsStore>().Get<FirmSettings>(Ct)).Currency);
        Assert.Contains("settings.saved", (await Huike.IntegrationTests.Platform.Audit.Audits.Entries(app, "settings.saved"))[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Yuan", "Asia/Shanghai", "", "currency")]
    [InlineData("CNY", "Asia/Nowhere", "", "timeZone")]
    [InlineData("CNY", "", "", "timeZone")]
    [InlineData("CNY", "Asia/Shanghai", "USD", "rates")]
    [InlineData("CNY", "Asia/Shanghai", "USD 0", "rates")]
    [InlineData("CNY", "Asia/Shanghai", "USD 7\nusd 8", "rates")]
    [InlineData("CNY", "Asia/Shanghai", "CNY 2", "rates")]
    [InlineData("CNY", "Asia/Shanghai", "USD 1e9", "rates")]
    public async Task What_is_wrong_is_told_at_its_field_and_nothing_is_saved(string currency, string zone, string rates, string field)
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        using var visitor = await app.Administrator();
        using var refused = await Save(visitor, currency, zone, rates);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var page = await Visitor.Parsed(await refused.Content.ReadAsStringAsync(Ct));
        Assert.Equal([$"field-{field}-error"], page.QuerySelectorAll(".field-error").Select(error => error.Id));
        Assert.Equal(0, await app.Number("select count(*) from platform_setting where name = 'FirmSettings'"));
    }

    [Theory, OnBothDatabases]
    public async Task Only_who_operates_the_system_sees_it_and_links_only_to_what_he_may_change(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var other = await app.UserWith(CustomerPermissions.Read);
        Assert.Equal(HttpStatusCode.Forbidden, (await other.Get("/admin/settings")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await other.Get("/admin/settings/firm")).StatusCode);
        using var operates = await app.UserWith(Permissions.Operate);
        var links = (await operates.Page("/admin/settings")).QuerySelectorAll("main a").Select(link => link.GetAttribute("href")).ToList();
        Assert.Contains("/admin/settings/firm", links);
        Assert.DoesNotContain("/admin/sign-in", links);
    }

    private static Task<HttpResponseMessage> Save(Visitor visitor, string currency, string zone, string rates) =>
        visitor.Submit("/admin/settings/firm", "/admin/settings/firm", ("currency", currency), ("timeZone", zone), ("rates", rates));

    private static string[] Cells(IDocument page, string name) =>
        [.. page.QuerySelectorAll("tr").Single(row => row.QuerySelector("td.lead")?.TextContent.Trim() == name).QuerySelectorAll("td").Select(cell => string.Join(' ', cell.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))];
}
