using Microsoft.Playwright;

namespace Huike.BrowserTests.Administrator;

/// <summary>Passkeys in a browser, with a device that the browser itself plays.</summary>
public sealed class PasskeysTests(Office office)
{
    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public async Task A_passkey_is_made_signs_in_and_is_removed(string language)
    {
        var name = $"keys-{language}";
        await using var tab = await office.Open(new(language), signedIn: false);
        await office.App.AddUser(name, Huike.Analytics.Contracts.AnalyticsPermissions.Read);
        // Browsers make no passkeys for an address of numbers.
        var home = $"http://localhost:{office.App.Address.Port}";
        await Plug(tab);
        await tab.Page.GotoAsync($"{home}/sign-in?returnUrl=/account");
        await tab.Page.GetByLabel(tab.Texts["access.name.label"]).FillAsync(name);
        await tab.Page.Locator("input[name=password]").FillAsync(HuikeApp.Password);
        await tab.Page.Locator("form[action='/sign-in'] button").ClickAsync();
        await tab.Page.Locator("#passkey-present").FillAsync(HuikeApp.Password);
        await Press(tab, "access.passkey.add");
        await Press(tab, "access.passkey.make");
        await Assertions.Expect(tab.Page.GetByText(tab.Texts["access.passkey.added"])).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.GetByText(tab.Texts["access.passkey.unused"])).ToBeVisibleAsync();
        // Nobody presses anything: the browser's own list has the passkey, and the device that it plays chooses at once.
        await Leave(tab);
        await Assertions.Expect(tab.Page.Locator("header.top")).ToBeVisibleAsync();
        await tab.Page.AddInitScriptAsync("PublicKeyCredential.isConditionalMediationAvailable = async () => false");
        await tab.Page.GotoAsync($"{home}/account");
        await Leave(tab);
        await Press(tab, "access.passkey.signIn");
        await Assertions.Expect(tab.Page.Locator("header.top")).ToBeVisibleAsync();
        await tab.Page.GotoAsync($"{home}/account");
        await Assertions.Expect(tab.Page.GetByText(tab.Texts["access.passkey.unused"])).ToBeHiddenAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = tab.Texts["access.passkey.remove"] }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("form[action*='/removal']")).ToHaveCountAsync(0);
        Assert.Equal(0, await office.App.Number("select count(*) from platform_passkey"));
        Assert.Equal([], tab.Complaints);
    }

    /// <summary>A device with a key store of its own, whose owner says yes to everything.</summary>
    private static async Task Plug(Tab tab)
    {
        var device = await tab.Page.Context.NewCDPSessionAsync(tab.Page);
        await device.SendAsync("WebAuthn.enable", new() { ["enableUI"] = false });
        await device.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }

    private static async Task Leave(Tab tab) => await tab.Page.EvaluateAsync("document.querySelector(\"form[action='/sign-out']\").submit()");

    private static Task Press(Tab tab, string text) => tab.Page.GetByRole(AriaRole.Button, new() { Name = tab.Texts[text], Exact = true }).ClickAsync();
}
