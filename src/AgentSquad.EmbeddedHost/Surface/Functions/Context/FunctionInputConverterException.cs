namespace Microsoft.Azure.Functions.Worker;

/// <summary>A value could not be turned into what the function's parameter wants.</summary>
public class FunctionInputConverterException : FunctionWorkerException
{
    /// <summary>Creates the exception.</summary>
    public FunctionInputConverterException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public FunctionInputConverterException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
