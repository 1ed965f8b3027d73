namespace HemoApi.Hosting;

/// <summary>A file that is made while it is sent. Once its first bytes are sent nothing can be refused any more: a failure then breaks the connection
/// off, so that no half file passes for a whole.</summary>
/// <param name="contentType">With its parameters.</param>
/// <param name="name">What the file is called where it is saved.</param>
public sealed class StreamedFile(string contentType, string name, Func<HttpResponse, CancellationToken, Task> write) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = contentType;
        response.Headers.ContentDisposition = $"attachment; filename={name}";
        return write(response, httpContext.RequestAborted);
    }
}
