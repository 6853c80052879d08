using CloudFunction.Runtime;

namespace CloudFunction.AspNetCore.Hosting;

/// <summary>Ends a server that cannot start, because of something an operator can mend, with the reason alone: no stack, no crash dump.</summary>
internal static class StartupFailure
{
    private static int _installed;

    /// <summary>From now on an exception of the runtime's own that nobody catches is reported on standard error, and the exit code is 1.</summary>
    public static void Install()
    {
        if (Interlocked.Exchange(ref _installed, 1) == 0)
        {
            AppDomain.CurrentDomain.UnhandledException += static (_, e) =>
            {
                if (e.ExceptionObject is CloudFunctionException exception)
                {
                    Console.Error.WriteLine(exception.Message);
                    Environment.Exit(1);
                }
            };
        }
    }
}
