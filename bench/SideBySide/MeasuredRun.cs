using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using SideBySide.Options;

namespace SideBySide;

/// <summary>What every measurement is run in: a release build, figures written one way, and an interrupt that ends it in order.</summary>
internal static class MeasuredRun
{
    public static async Task<int> RunAsync(Func<CancellationToken, Task> measure)
    {
        if (typeof(MeasuredRun).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration != "Release")
        {
            throw new UsageException("The baselines are this executable too, and this is no release build of it: run it with -c Release.");
        }

        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        using var cancellation = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        await measure(cancellation.Token);
        return 0;

        void Cancel(PosixSignalContext signal)
        {
            // The process goes on until what it started is killed.
            signal.Cancel = true;
            cancellation.Cancel();
        }
    }
}
