using System.Text.Json.Serialization;

namespace HemoApi.Imaging;

/// <summary>An expected refusal: a stable code of the contract, what is wrong, and what the caller can do about it.
/// Never holds patient data, file paths of the server or text of an exception.</summary>
/// <param name="Code">One of <see cref="FaultCodes"/>.</param>
/// <param name="Detail">One sentence, the cause with its numbers.</param>
/// <param name="Remedy">One sentence, what to do next.</param>
public sealed record Fault(string Code, string Detail, string Remedy)
{
    /// <summary>After what time it may be otherwise, where that is known. For headers; no part of the document.</summary>
    [JsonIgnore]
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>Something the reader of a result must know; the result still holds.</summary>
/// <param name="Code">One of <see cref="WarningCodes"/>.</param>
/// <param name="Detail">One sentence, the cause with its numbers.</param>
public sealed record ResultWarning(string Code, string Detail);
