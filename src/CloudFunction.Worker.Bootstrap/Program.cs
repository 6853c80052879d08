using System.Reflection;
using System.Runtime.Loader;

namespace CloudFunction.Worker.Bootstrap;

/// <summary>
/// The worker's executable. It needs nothing but the framework, so that every other assembly of the process (the core, the deployment
/// and what they share) is chosen by <see cref="AssemblyResolution"/> before the first of them is loaded.
/// </summary>
internal static class Program
{
    // EX_SOFTWARE of sysexits.h: the worker broke before it had a connection on which to report why.
    private const int StartFailed = 70;

    private static int Main()
    {
        try
        {
            // First of all: a Ctrl+C between the start and the handshake is meant for the host.
            HostSignals.Ignore();
            using var input = new StreamReader(Console.OpenStandardInput());
            return Run(Handshake.Read(input));
        }
        catch (Exception exception)
        {
            // The edge of the process: the host keeps the tail of standard error for whoever asks why.
            Console.Error.WriteLine(Describe(exception));
            return StartFailed;
        }
    }

    private static int Run(Handshake handshake)
    {
        var worker = WorkerDirectory.Find();
        var resolution = new AssemblyResolution(Path.Combine(worker, "core"), SharedFramework.FindAspNetCore(worker));
        var deployment = new DeploymentLoader(resolution);
        resolution.Install();
        if (handshake.Deployment is not null && handshake.Entry is not null)
        {
            // Before the core: what the deployment has newer is then what the core runs on too.
            deployment.Use(handshake.Deployment, handshake.Entry);
        }

        var core = AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(worker, "core", "CloudFunction.Worker.dll"));
        var run = core.GetType("CloudFunction.Worker.Session.WorkerProgram", throwOnError: true)!
            .GetMethod("Run", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
            .CreateDelegate<Func<string, string, string, Func<string, string, Assembly>, int>>();
        return run(handshake.Socket, handshake.WorkerId, handshake.Secret, deployment.Load);
    }

    private static string Describe(Exception exception)
    {
        // The loader wraps the exception of resolution in one that hides it. A stack does not help with two versions that do not fit.
        var cause = exception.GetBaseException();
        return cause is FileLoadException or InvalidDataException ? cause.Message : exception.ToString();
    }
}
