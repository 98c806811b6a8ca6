namespace Microsoft.Azure.Functions.Worker.Middleware;

/// <summary>Runs around every invocation, in the order of registration.</summary>
public interface IFunctionsWorkerMiddleware
{
    /// <summary>Does its part and calls <paramref name="next"/>, or does not and so keeps the function from running.</summary>
    Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
}
