using CloudFunction;
using Microsoft.Extensions.Logging;

namespace TestedFunctions;

/// <summary>Middleware that logs around every call.</summary>
public sealed partial class Measured(ILogger<Measured> logger) : IFunctionMiddleware
{
    public async ValueTask InvokeAsync(FunctionInvocation invocation, FunctionNext next, CancellationToken cancellationToken)
    {
        await next(cancellationToken);
        Ran(logger, invocation.Context.Function);
    }

    [LoggerMessage(1, LogLevel.Information, "Ran {Name}")]
    private static partial void Ran(ILogger logger, string name);
}
