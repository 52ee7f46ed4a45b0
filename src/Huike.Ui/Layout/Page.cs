using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Huike.Ui.Layout;

/// <summary>What stands around a component.</summary>
internal enum Frame
{
    /// <summary>The whole document with navigation.</summary>
    Shell,

    /// <summary>The whole document without navigation.</summary>
    Bare,

    /// <summary>Title and body alone, for the script to put in place.</summary>
    BodyOnly,

    /// <summary>Nothing: a part of a page.</summary>
    None,
}

/// <summary>
/// Writes a component and what stands around it as one answer. The framework's own result keeps each small piece of text until the end and sets up what pages with
/// interaction in the browser need; these have none. Nothing is sent before all is rendered: a fault becomes an error page, never half a page.
/// </summary>
/// <param name="component">The page or part.</param>
/// <param name="parameters">Its parameters.</param>
/// <param name="title">In the visitor's language, without the product's name; empty where the frame has none.</param>
/// <param name="status">HTTP status.</param>
/// <param name="frame">What stands around it.</param>
internal sealed class Page(Type component, IDictionary<string, object?> parameters, string title, int status, Frame frame) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext http)
    {
        var services = http.RequestServices;
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var document = await Around(http, services);
            var body = await renderer.RenderComponentAsync(component, ParameterView.FromDictionary(parameters));
            http.Response.StatusCode = status;
            http.Response.ContentType = "text/html; charset=utf-8";
            using var writer = new PipeTextWriter(http.Response.BodyWriter);
            writer.Write(document.Before.Value);
            body.WriteHtmlTo(writer);
            writer.Write(document.After.Value);
            writer.Flush();
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        });
    }

    private async Task<Document> Around(HttpContext http, IServiceProvider services)
    {
        if (frame == Frame.None) { return new(default, default); }
        var texts = services.GetRequiredService<Texts>();
        if (frame == Frame.BodyOnly) { return Document.Partial(texts, title); }
        var token = services.GetRequiredService<IAntiforgery>().GetAndStoreTokens(http).RequestToken;
        if (frame == Frame.Bare) { return Document.Whole(http, texts, title, token, null, null); }
        var unread = services.GetService<ICountUnread>() is { } bell ? await bell.Of(http) : (int?)null;
        return Document.Whole(http, texts, title, token, await services.GetRequiredService<Places>().For(http), unread);
    }
}
