using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using SideBySide.Options;

namespace SideBySide;

/// <summary>What every measurement is run in: a release build, figures written one way, and an interrupt that ends it in order.</summary>
internal static class MeasuredRun
{
    /// <summary>Runs a program's whole, and makes its exit code of what ends it: 1 a measurement that failed, 2 a wrong option,
    /// 130 cancelled.</summary>
    public static async Task<int> ExitAsync(Func<Task<int>> program)
    {
        try
        {
            return await program();
        }
        catch (UsageException usage)
        {
            await Console.Error.WriteLineAsync(usage.Message);
            return 2;
        }
        catch (MeasurementException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Cancelled; nothing was written.");
            return 130;
        }
    }

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
