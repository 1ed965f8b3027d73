namespace HemoApi.Hosting;

/// <summary>Headers that keep answers from being cached by others, guessed at, framed or read as a page of ours.</summary>
public static class SecurityHeaders
{
    private const string Api = "/api";

    public static void UseSecurityHeaders(this WebApplication app)
    {
        // Over TLS only, as this process or its proxy sees it; never for localhost.
        app.UseHsts();
        app.Use((context, next) =>
        {
            // At the last moment, because a failure clears what was set before it.
            context.Response.OnStarting(() =>
            {
                Set(context.Response.Headers, isApi: context.Request.Path.StartsWithSegments(Api));
                return Task.CompletedTask;
            });
            return next(context);
        });
    }

    private static void Set(IHeaderDictionary headers, bool isApi)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        if (isApi)
        {
            headers.CacheControl = "no-store";
            if (headers.ContentSecurityPolicy.Count == 0)
            {
                headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
            }
        }
    }
}
