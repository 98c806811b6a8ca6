namespace Microsoft.Azure.Functions.Worker;

/// <summary>The host could not run a function.</summary>
public class FunctionWorkerException : Exception
{
    /// <summary>Creates the exception.</summary>
    public FunctionWorkerException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public FunctionWorkerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
