using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace CloudFunction.Worker.Bootstrap;

/// <summary>
/// Chooses, for every assembly that is not part of Microsoft.NETCore.App, the highest version among the shared ASP.NET Core framework's,
/// the core's and the deployment's, and loads it into the default load context, where precompiled code is used.
/// </summary>
/// <remarks>
/// <para>
/// Versions are assembly versions, which servicing releases of one library share because they are compatible. Of equals the framework's wins, being
/// precompiled and shared between processes; then the core's; then the deployment's.
/// </para>
/// <para>
/// What is loaded stays. A deployment that brings a higher version of something that a standby worker has already loaded needs a process of
/// its own, in which the deployment is known before the core is loaded; staging ensures that. What Microsoft.NETCore.App itself contains cannot
/// be replaced from inside a process at all: the runtime refuses to load another file of such a name
/// (https://github.com/dotnet/runtime/issues/124735). Such a process has to be started with the newer files on its list of trusted
/// assemblies (<c>dotnet exec --additional-deps</c>).
/// </para>
/// <para>Thread safe once installed: the runtime asks from any thread.</para>
/// </remarks>
internal sealed class AssemblyResolution(string coreDirectory, SharedFramework? framework)
{
    private readonly string _coreDirectory = coreDirectory;
    private volatile AssemblyDependencyResolver? _deployment;

    /// <summary>Answers the default context's questions from now on.</summary>
    public void Install()
    {
        AssemblyLoadContext.Default.Resolving += Resolve;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += ResolveUnmanaged;
    }

    /// <summary>Takes a deployment's assemblies into account from now on, as its <c>deps.json</c> names them for this platform.</summary>
    /// <exception cref="FileLoadException">It brings or needs something that this process cannot give it any more.</exception>
    public void Add(AssemblyDependencyResolver deployment)
    {
        AssemblyConflicts.Refuse(deployment, _coreDirectory);
        _deployment = deployment;
    }

    private Assembly? Resolve(AssemblyLoadContext context, AssemblyName name)
    {
        if (name.Name is not { } simpleName)
        {
            return null;
        }

        var isSatellite = !string.IsNullOrEmpty(name.CultureName);
        var file = isSatellite ? Path.Combine(name.CultureName!, simpleName + ".dll") : simpleName + ".dll";
        var core = Existing(_coreDirectory, file);
        if (core is not null && OwnAssemblies.Contains(simpleName))
        {
            return Load(context, core, name);
        }

        var chosen = Higher(Higher(framework?.Find(file), core), _deployment?.ResolveAssemblyToPath(name));
        if (chosen is not null)
        {
            return Load(context, chosen, name);
        }

        if (!isSatellite && name.Version is { } wanted && TrustedAssemblies.VersionOf(simpleName) is { } present && present < wanted)
        {
            throw new FileLoadException(
                $"{simpleName} {wanted} is needed, and .NET {Environment.Version} has {present}: run the host on a newer .NET, or build the "
                + "project for this one.",
                simpleName);
        }

        return null;
    }

    private static Assembly Load(AssemblyLoadContext context, string path, AssemblyName wanted)
    {
        Assembly loaded;
        try
        {
            loaded = context.LoadFromAssemblyPath(path);
        }
        catch (FileLoadException exception) when (Loaded(wanted) is { } earlier)
        {
            throw new FileLoadException(
                $"{wanted.Name} {wanted.Version} is needed, but this process has already loaded {earlier.GetName().Version} from {earlier.Location}: "
                + "the deployment needs a process of its own.",
                wanted.Name,
                exception);
        }

        // The runtime takes whatever a handler returns, and the mismatch would surface as a missing method in the middle of a call.
        if (wanted.Version is { } version && loaded.GetName().Version is { } found && found < version)
        {
            throw new FileLoadException(
                OwnAssemblies.Contains(wanted.Name!)
                    ? $"{wanted.Name} {version} is needed, and this host's worker has {found}: update the host's CloudFunction packages, or build "
                        + $"the project with {found}."
                    : $"{wanted.Name} {version} is needed, and the highest version here is {found} ({path}): publish the project with the newer one.",
                wanted.Name);
        }

        return loaded;
    }

    private static Assembly? Loaded(AssemblyName wanted)
    {
        foreach (var assembly in AssemblyLoadContext.Default.Assemblies)
        {
            if (string.Equals(assembly.GetName().Name, wanted.Name, StringComparison.OrdinalIgnoreCase))
            {
                return assembly;
            }
        }

        return null;
    }

    // Reading a version opens the file, so it is done only where there is a choice.
    private static string? Higher(string? preferred, string? other) =>
        preferred is null ? other
        : other is null ? preferred
        : TrustedAssemblies.Read(other) > TrustedAssemblies.Read(preferred) ? other : preferred;

    private static string? Existing(string directory, string file)
    {
        var path = Path.Combine(directory, file);
        return File.Exists(path) ? path : null;
    }

    private nint ResolveUnmanaged(Assembly assembly, string name) =>
        _deployment?.ResolveUnmanagedDllToPath(name) is { } path ? NativeLibrary.Load(path) : 0;
}
