using System.Reflection;
using System.Runtime.Loader;
using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Workers.InProcess;

/// <summary>One deployment in the host's process, with a worker's core of its own. Microsoft.NETCore.App is the host's, which no
/// deployment can replace here. Of every other assembly the highest version among the deployment's, the core's and ASP.NET Core's is
/// taken, as in a worker's process, and loaded anew, since it may have to use what the deployment brings. What was loaded stays until
/// the process ends.</summary>
internal sealed class DeploymentContext : AssemblyLoadContext
{
    private const string CoreName = "CloudFunction.Worker";
    private const string OwnPrefix = "CloudFunction.";

    private static readonly FrameworkFolder Framework = SharedFrameworks.Find(SharedFrameworks.Core)!;
    private static readonly FrameworkFolder? WebFramework = SharedFrameworks.Find(SharedFrameworks.Web);

    private readonly string _coreDirectory;
    private readonly Deployment _deployment;
    private readonly AssemblyDependencyResolver _resolver;

    private DeploymentContext(string coreDirectory, Deployment deployment)
        : base($"{deployment.Project} version {deployment.Version}")
    {
        _coreDirectory = coreDirectory;
        _deployment = deployment;
        _resolver = new AssemblyDependencyResolver(deployment.EntryAssemblyPath);
    }

    /// <summary>Loads a core for a deployment, into a new context.</summary>
    /// <exception cref="DeploymentException">It cannot run in a process that is not its own.</exception>
    public static WorkerCore Open(string coreDirectory, Deployment deployment)
    {
        if (deployment.Manifest.Contents.FrameworkOverrides is [var replaced, ..])
        {
            throw new DeploymentException(
                DeploymentErrorCode.DependencyError,
                $"{deployment.Project} brings {Path.GetFileName(replaced.Path)} {replaced.AssemblyVersion}, newer than .NET {Environment.Version}'s "
                + "own, which takes a process of its own: set ISOLATION=process.");
        }

        var context = new DeploymentContext(coreDirectory, deployment);
        var host = context.LoadFromAssemblyPath(Path.Combine(coreDirectory, CoreName + ".dll"))
            .GetType("CloudFunction.Worker.Session.WorkerProgram", throwOnError: true)!
            .GetMethod("HostAsync", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
            .CreateDelegate<Func<
                string, string, string, Func<string, string, Assembly>, IReadOnlyDictionary<string, string>, CancellationToken, Task<int>>>();
        return (endpoint, environment, end) => host(endpoint.SocketPath, endpoint.WorkerId, endpoint.Secret, context.LoadEntry, environment, end);
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name is not { } name)
        {
            return null;
        }

        var file = Path.Combine(assemblyName.CultureName ?? "", name + ".dll");
        var core = Existing(_coreDirectory, file);
        if (core is not null && name.StartsWith(OwnPrefix, StringComparison.Ordinal))
        {
            return LoadFromAssemblyPath(core); // A function's context is a class of the core's: its Abstractions are the only ones that count.
        }

        return Framework.Find(file) is null
            && Higher(Higher(WebFramework?.Find(file), core), _resolver.ResolveAssemblyToPath(assemblyName)) is { } best
            ? LoadFromAssemblyPath(best)
            : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    private Assembly LoadEntry(string directory, string entry) => LoadFromAssemblyPath(_deployment.EntryAssemblyPath);

    private static string? Existing(string directory, string file) => Path.Combine(directory, file) is var path && File.Exists(path) ? path : null;

    private static string? Higher(string? preferred, string? other) =>
        preferred is null ? other
        : other is null ? preferred
        : PlatformAssemblies.ReadVersion(other) > PlatformAssemblies.ReadVersion(preferred) ? other : preferred;
}
