namespace HemoApi.Webhooks;

/// <summary>Why an attempt to deliver failed. Words of ours, never text of an exception or of the answer.</summary>
public static class DeliveryErrors
{
    /// <summary>An answer came, and its status was not 2xx.</summary>
    public const string Status = "response.status";

    /// <summary>No answer came in time.</summary>
    public const string Timeout = "response.timeout";

    /// <summary>No connection, a TLS handshake that failed, or an answer that is not HTTP.</summary>
    public const string Connection = "connection.failed";

    /// <summary>The host's name could not be resolved.</summary>
    public const string Name = "name.unresolved";

    /// <summary>The host's name leads into a network that is not to be called.</summary>
    public const string Target = "target.forbidden";
}
