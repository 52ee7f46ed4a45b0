using Huike.Ui.Kit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace Huike.Ui.Layout;

/// <summary>What stands before and after a page's body. Written as text: as components it cost more than the body of most pages.</summary>
/// <param name="Before">Up to the body.</param>
/// <param name="After">From the body on.</param>
internal sealed record Document(MarkupString Before, MarkupString After)
{
    private static readonly (string Name, string Icon)[] Themes = [("light", "sun"), ("dark", "moon"), ("auto", "monitor")];

    /// <summary>For a body that the browser's script puts in place.</summary>
    public static Document Partial(Texts t, string title) => new(new MarkupBuilder().Add($"<title>{title} · {t["shell.product.name"]}</title>").ToMarkup(), default);

    /// <summary>The whole document.</summary>
    /// <param name="http">Who asks for what, in which theme.</param>
    /// <param name="t">Language.</param>
    /// <param name="title">In the visitor's language, without the product's name.</param>
    /// <param name="token">Against forged forms.</param>
    /// <param name="places">Where the visitor may go; null for a page without navigation.</param>
    /// <param name="unread">How many notices the visitor has not read; null: there is no bell.</param>
    public static Document Whole(HttpContext http, Texts t, string title, string? token, IReadOnlyList<Place>? places, int? unread)
    {
        var theme = Preferences.ThemeOf(http);
        var html = new MarkupBuilder();
        Head(html, t, title, theme, token);
        if (places is null)
        {
            html.Add($"""<body class="bare"><header class="bare-top"><span class="brand"><img src="{BuiltAssets.Href("mark.svg")}" width="28" height="28" alt="">{t["shell.product.name"]}</span>""");
            PreferenceForms(html, http, t, theme, token);
            return new(html.Add($"""</header><main id="main" class="bare-main">""").ToMarkup(), new("</main></body></html>"));
        }
        var parts = ShellParts.For(t, places, http.Request.Path);
        html.Add($$"""<body class="shell" hx-boost:inherited='{"target":"#main","swap":"innerHTML"}'>""");
        html.Add($"""<a class="skip" href="#main">{t["shell.skip"]}</a>{parts.Side}""");
        TopBar(html, http, t, theme, token, unread);
        return new(html.Add($"""<main id="main" class="page" tabindex="-1" hx-history-elt>""").ToMarkup(), parts.After);
    }

    private static void Head(MarkupBuilder html, Texts t, string title, string theme, string? token) => html.Add($$$"""
        <!DOCTYPE html>
        <html lang="{{{t.Language}}}" data-theme="{{{theme}}}">
        <head>
        <meta charset="utf-8">
        <title>{{{title}}} · {{{t["shell.product.name"]}}}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
        <meta name="color-scheme" content="{{{(theme == "auto" ? "light dark" : theme)}}}">
        <meta name="antiforgery" content="{{{token}}}">
        <meta name="htmx-config" content='{"includeIndicatorCSS":false,"defaultTimeout":120000}'>
        <link rel="preload" href="{{{BuiltAssets.Href("inter.woff2")}}}" as="font" type="font/woff2" crossorigin>
        <link rel="stylesheet" href="{{{BuiltAssets.Href("app.css")}}}">
        <link rel="icon" type="image/svg+xml" href="{{{BuiltAssets.Href("mark.svg")}}}">
        <script src="{{{BuiltAssets.Href("app.js")}}}" defer></script>
        </head>

        """);

    private static void TopBar(MarkupBuilder html, HttpContext http, Texts t, string theme, string? token, int? unread)
    {
        var name = http.User.ShownName() is { Length: > 0 } shown ? shown : t["shell.user.nobody"];
        html.Add($"""
            <header class="top"><a class="top-brand" href="/" aria-label="{t["shell.product.name"]}"><img src="{BuiltAssets.Href("mark.svg")}" width="28" height="28" alt=""></a>
            <a class="search-box" href="/palette" hx-boost="false" data-open="palette" aria-keyshortcuts="Control+K">{Icon.Of("search")}<span>{t["shell.search.label"]}</span><kbd>Ctrl K</kbd></a>
            <div class="top-tools">
            """);
        if (unread is { } count) { html.Add($"""<div class="bell" role="status" data-live="notices" hx-get="/notifications/bell" hx-trigger="live" hx-target="this" hx-swap="innerHTML">{Bell.Of(t, count)}</div>"""); }
        PreferenceForms(html, http, t, theme, token);
        html.Add($"""
            <details class="menu"><summary class="icon-button" aria-label="{t["shell.user.menu", name]}" title="{name}"><span class="{Avatar.ClassOf(name)}" aria-hidden="true">{Avatar.InitialsOf(name)}</span></summary>
            <div class="menu-body menu-end"><div class="menu-head">{name}</div>
            <a class="menu-item" href="/account">{Icon.Of("user")}{t["shell.user.account"]}</a>
            <button type="button" class="menu-item" data-open="shortcuts">{Icon.Of("keyboard")}{t["shell.shortcuts.title"]}<kbd>?</kbd></button>
            <form method="post" action="/sign-out" hx-boost="false"><input type="hidden" name="__RequestVerificationToken" value="{token}">
            <button class="menu-item">{Icon.Of("log-out")}{t["shell.user.signOut"]}</button></form></div></details></div></header>
            """);
    }

    private static void PreferenceForms(MarkupBuilder html, HttpContext http, Texts t, string theme, string? token)
    {
        html.Add($"""
            <form method="post" action="/preferences" hx-boost="false" class="preferences"><input type="hidden" name="__RequestVerificationToken" value="{token}">
            <input type="hidden" name="back" value="{http.Request.PathBase + http.Request.Path + http.Request.QueryString}" data-back>
            <details class="menu"><summary class="icon-button" aria-label="{t["shell.theme.label"]}" title="{t["shell.theme.label"]}">{Icon.Of("sun", "only-light")}{Icon.Of("moon", "only-dark")}</summary><div class="menu-body menu-end">
            """);
        foreach (var (name, icon) in Themes)
        {
            html.Add($"""<button class="menu-item" name="theme" value="{name}" aria-pressed="{(name == theme ? "true" : "false")}">{Icon.Of(icon)}{t["shell.theme." + name]}{Icon.Of("check", "menu-check")}</button>""");
        }
        var other = t.Language == "en" ? "zh-CN" : "en";
        html.Add($"""
            </div></details><button class="icon-button" name="lang" value="{other}" lang="{other}" title="{t["shell.language.other"]}">{Icon.Of("languages")}<span class="sr-only">{t["shell.language.other"]}</span></button></form>
            """);
    }
}
