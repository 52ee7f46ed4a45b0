using System.Collections.Concurrent;
using Huike.Ui.Kit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace Huike.Ui.Layout;

/// <summary>
/// What the shell repeats on every page: navigation, palette, help on keys. The same for everyone with the same places, so it is put together once per language,
/// places and current place; as components they cost as much as a page of rows.
/// </summary>
/// <param name="Side">Navigation at the side.</param>
/// <param name="After">What follows the body: navigation at the foot of a phone, toasts, command palette, help on keys.</param>
internal sealed record ShellParts(MarkupString Side, MarkupString After)
{
    private const int OnPhone = 4;
    private const int AtFoot = 4;
    private static readonly ConcurrentDictionary<string, ShellParts> Known = new(StringComparer.Ordinal);

    /// <summary>The parts for a visitor.</summary>
    /// <param name="texts">Language.</param>
    /// <param name="places">Where the visitor may go.</param>
    /// <param name="path">Where the visitor is.</param>
    public static ShellParts For(Texts texts, IReadOnlyList<Place> places, PathString path)
    {
        var current = places.Where(place => Places.IsCurrent(place, path)).MaxBy(place => place.Href.Length);
        return Known.GetOrAdd($"{texts.Language} {current?.Key} {string.Join(' ', places.Select(place => place.Key))}",
            _ => new(SideOf(texts, places, current), AfterOf(texts, places, current)));
    }

    private static MarkupString SideOf(Texts t, IReadOnlyList<Place> places, Place? current)
    {
        var html = new MarkupBuilder().Add($"""<nav class="side" aria-label="{t["shell.navigation.label"]}"><a class="brand" href="/"><img src="{BuiltAssets.Href("mark.svg")}" width="26" height="26" alt="">{t["shell.product.name"]}</a><div class="side-places">""");
        foreach (var group in places.GroupBy(place => place.Order / 100))
        {
            // More than a few of the administrator's places would push the day's work off the screen: they fold.
            var isFolded = group.Key >= 9 && group.Count() > AtFoot;
            if (isFolded) { html.Add($"""<details class="side-group side-foot"{new MarkupString(group.Contains(current) ? " open" : "")}><summary class="side-link">{Icon.Of("settings")}{t["shell.navigation.admin"]}{Icon.Of("chevron-down", "side-fold")}</summary>"""); }
            html.Add($"""<ul class="{(isFolded ? "side-folded" : group.Key >= 9 ? "side-group side-foot" : "side-group")}">""");
            foreach (var place in group)
            {
                html.Add($"""<li><a class="side-link" href="{place.Href}" data-place data-go="{place.Shortcut?.ToString() ?? ""}" title="{t[place.TextKey]}"{Current(place == current)}>{Icon.Of(place.Icon)}{t[place.TextKey]}</a></li>""");
            }
            html.Add($"</ul>");
            if (isFolded) { html.Add($"</details>"); }
        }
        return html.Add($"</div></nav>").ToMarkup();
    }

    private static MarkupString AfterOf(Texts t, IReadOnlyList<Place> places, Place? current)
    {
        var html = new MarkupBuilder().Add($"</main>");
        Bottom(html, t, places, current);
        html.Add($"""<div id="toasts" class="toasts" role="status" aria-live="polite" data-dismiss="{t["kit.toast.dismiss"]}" data-copied="{t["kit.toast.copied"]}" data-failed="{t["shell.request.failed"]}" data-offline="{t["shell.request.offline"]}"></div>""");
        Dialogs(html, t, places);
        return html.Add($"</body></html>").ToMarkup();
    }

    private static void Bottom(MarkupBuilder html, Texts t, IReadOnlyList<Place> places, Place? current)
    {
        html.Add($"""<nav class="bottom" aria-label="{t["shell.navigation.phone"]}">""");
        foreach (var place in places.Take(OnPhone))
        {
            html.Add($"""<a class="bottom-link" href="{place.Href}" data-place{Current(place == current)}>{Icon.Of(place.Icon)}<span>{t[place.TextKey]}</span></a>""");
        }
        if (places.Count > OnPhone)
        {
            html.Add($"""<details class="menu menu-up"><summary class="bottom-link">{Icon.Of("menu")}<span>{t["shell.navigation.more"]}</span></summary><div class="menu-body menu-end">""");
            foreach (var place in places.Skip(OnPhone))
            {
                html.Add($"""<a class="menu-item" href="{place.Href}" data-place{Current(place == current)}>{Icon.Of(place.Icon)}{t[place.TextKey]}</a>""");
            }
            html.Add($"</div></details>");
        }
        html.Add($"</nav>");
    }

    private static void Dialogs(MarkupBuilder html, Texts t, IReadOnlyList<Place> places)
    {
        html.Add($"""
            <dialog id="palette" class="palette" aria-label="{t["shell.search.label"]}" closedby="any" data-source="/palette">
            <div class="palette-top">{Icon.Of("search")}<input type="search" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list" aria-label="{t["shell.search.label"]}" placeholder="{t["shell.search.placeholder"]}" autocomplete="off" spellcheck="false" maxlength="100">
            <button type="button" class="palette-close" data-close><kbd>Esc</kbd><span class="sr-only">{t["kit.dialog.close"]}</span></button></div>
            <div id="palette-list" class="palette-list" role="listbox" aria-label="{t["shell.search.results"]}"><div id="palette-places" role="group" aria-label="{t["shell.search.places"]}"><div class="palette-group" aria-hidden="true">{t["shell.search.places"]}</div>
            """);
        foreach (var place in places)
        {
            html.Add($"""<a class="palette-hit" role="option" id="palette-{place.Key}" href="{place.Href}" tabindex="-1" aria-selected="false">{Icon.Of(place.Icon)}<span>{t[place.TextKey]}</span>""");
            if (place.Shortcut is { } letter) { html.Add($"<kbd>g {letter.ToString()}</kbd>"); }
            html.Add($"</a>");
        }
        html.Add($"""
            </div><div id="palette-found"></div></div><p class="palette-none" hidden>{t["shell.search.none"]}</p><p class="sr-only" role="status" data-text="{t["shell.search.count"]}"></p></dialog>
            <dialog id="shortcuts" class="dialog" aria-labelledby="shortcuts-title" closedby="any"><header class="dialog-head"><h2 id="shortcuts-title">{t["shell.shortcuts.title"]}</h2>
            <button type="button" class="icon-button" data-close aria-label="{t["kit.dialog.close"]}">{Icon.Of("x")}</button></header><dl class="shortcuts">
            """);
        foreach (var (text, keys) in new[] { ("search", new[] { "Ctrl", "K" }), ("rows", ["j", "k"]), ("open", ["Enter"]), ("edit", ["e"]), ("filter", ["/"]), ("help", ["?"]) })
        {
            Shortcut(html, t["shell.shortcuts." + text], keys);
        }
        foreach (var place in places.Where(place => place.Shortcut is not null)) { Shortcut(html, t["shell.shortcuts.go", t[place.TextKey]], ["g", place.Shortcut!.Value.ToString()]); }
        html.Add($"</dl></dialog>");
    }

    private static void Shortcut(MarkupBuilder html, string text, string[] keys)
    {
        html.Add($"<div><dt>{text}</dt><dd>");
        foreach (var key in keys) { html.Add($"<kbd>{key}</kbd> "); }
        html.Add($"</dd></div>");
    }

    private static MarkupString Current(bool isCurrent) => new(isCurrent ? " aria-current=\"page\"" : "");
}
