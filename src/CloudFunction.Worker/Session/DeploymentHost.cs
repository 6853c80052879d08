using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using CloudFunction.Protocol.Messages;
using CloudFunction.Worker.Functions;
using CloudFunction.Worker.Loading;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Worker.Session;

/// <summary>The one deployment of a worker: loads it, starts its services, stops them.</summary>
internal sealed class DeploymentHost(
    Func<string, string, Assembly> loadEntry, ILoggerProvider logging, IProjectVariables variables, TimeProvider time)
{
    private static readonly TimeSpan DebuggerPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>The loaded project, or null.</summary>
    public LoadedProject? Project { get; private set; }

    /// <summary>Its name; empty until a load began.</summary>
    public string ProjectName { get; private set; } = "";

    /// <summary>The name of a project's logger.</summary>
    public static string CategoryOf(string project) => $"cloudfunction.projects.{project}";

    /// <summary>Loads a deployment. Never throws.</summary>
    public async Task<(ReadyMessage? Ready, LoadFailedMessage? Failed)> LoadAsync(LoadMessage load)
    {
        try
        {
            ProjectName = load.Project;
            while (load.WaitForDebugger && !Debugger.IsAttached)
            {
                await Task.Delay(DebuggerPoll, time).ConfigureAwait(false); // The host has logged which process to attach to.
            }

            var settings = new ProjectSettings(load.Project, load.Version, load.DeploymentDirectory, load.DataDirectory)
            {
                Variables = variables.Add(load.Environment),
                Startup = load.Startup,
            };
            Project = ProjectLoader.Load(loadEntry(load.DeploymentDirectory, load.EntryAssembly), settings, logging);
            if (load.Describe)
            {
                CheckRequests(Project);
            }

            await Project.StartAsync(CancellationToken.None).ConfigureAwait(false);
            return (new ReadyMessage([.. Project.Functions.Select(f => Describe(f.Descriptor, load.Describe))],
                [.. Project.Skipped.Select(p => $"{p.Type}: {p.Reason}")]), null);
        }
        catch (ProjectLoadException e)
        {
            return (null, new LoadFailedMessage(Dependency: false, e.Message, e.InnerException?.ToString()));
        }
        catch (Exception e)
        {
            // Whatever the project's own code throws while it loads is its failure, reported to the host with its stack.
            var dependency = e is FileNotFoundException or FileLoadException or BadImageFormatException or TypeLoadException
                or MissingMemberException or ReflectionTypeLoadException or DllNotFoundException;
            var advice = e is BadImageFormatException
                ? $" It is damaged, or was compiled for another processor than this machine's ({RuntimeInformation.ProcessArchitecture}): compile it "
                    + "for AnyCPU (PlatformTarget)."
                : "";
            return (null, new LoadFailedMessage(dependency, $"{e.GetType().FullName}: {e.Message}{advice}", e.ToString()));
        }
    }

    /// <summary>Stops the project's services, within the token's time. Never throws.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Project is not { } project)
            {
                return;
            }

            await project.StopAsync(cancellationToken).ConfigureAwait(false);
            await project.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The edge of the project's own code: the worker ends either way.
            WorkerLog.StopFailed(logging.CreateLogger(CategoryOf(ProjectName)), e);
        }
        finally
        {
            variables.Remove();
        }
    }

    private static void CheckRequests(LoadedProject project)
    {
        var problems = project.Functions.Select(f => f.Descriptor.FindRequestProblem()).OfType<string>().ToList();
        if (problems.Count > 0)
        {
            throw new ProjectLoadException(problems);
        }
    }

    private static FunctionDescription Describe(FunctionDescriptor f, bool schemas) => new(
        f.Name, f.Description, (byte)f.Kind, (long)(f.Timeout?.TotalMilliseconds ?? 0), f.MaxConcurrent, f.MaxAttempts,
        schemas ? f.GetParametersSchema() : [], schemas ? f.GetResponseSchema() : [],
        [.. f.Schedules.Select(Describe)]);

    // An attribute may be given null, though it declares that it takes none: the host reports that it is no cron expression, and so on.
    private static ScheduleDescription Describe(ScheduleAttribute s) =>
        new(s.Cron ?? "", s.TimeZone ?? "", s.Payload ?? "", s.Misfire.ToString(), s.Overlap.ToString());
}
