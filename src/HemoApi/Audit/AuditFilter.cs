using Microsoft.AspNetCore.Http.HttpResults;

namespace HemoApi.Audit;

/// <summary>Around every endpoint of the API: writes the call to the audit trail, and lets the answer out only once that is committed. A call
/// that changes something is written down before it begins as well, so that no change goes without an entry.</summary>
public sealed class AuditFilter(AuditTrail trail) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (AuditedCall.Of(http) is not { } record)
        {
            return await next(context);
        }

        record = About(record, context.Arguments.OfType<IAuditSubject>().FirstOrDefault());
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            await trail.Append(record, http.RequestAborted);
        }

        var result = await next(context);
        try
        {
            // A change has happened by now, whether its caller waits for the answer or not.
            await trail.Append(Answered(record, result), CancellationToken.None);
        }
        catch (AuditUnavailableException)
        {
            await Close(result);
            throw;
        }

        return result;
    }

    private static AuditRecord Answered(AuditRecord record, object? result)
    {
        var answer = Unwrapped(result);
        record = About(record, (answer as IValueHttpResult)?.Value as IAuditSubject);
        return record with { Status = (answer as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK };
    }

    private static AuditRecord About(AuditRecord record, IAuditSubject? subject) => subject is null ? record : record with
    {
        StudyId = record.StudyId ?? subject.AuditedStudy,
        Subject = record.Subject ?? subject.AuditedSubject,
    };

    private static object? Unwrapped(object? result)
    {
        while (result is INestedHttpResult nested)
        {
            result = nested.Result;
        }

        return result;
    }

    /// <summary>A file that was opened and will not be sent.</summary>
    private static async Task Close(object? result)
    {
        if (Unwrapped(result) is FileStreamHttpResult file)
        {
            await file.FileStream.DisposeAsync();
        }
    }
}
