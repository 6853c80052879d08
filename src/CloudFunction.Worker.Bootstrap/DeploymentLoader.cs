using System.Reflection;
using System.Runtime.Loader;

namespace CloudFunction.Worker.Bootstrap;

/// <summary>Makes this process the process of one deployment.</summary>
internal sealed class DeploymentLoader(AssemblyResolution resolution)
{
    private string? _entryPath;

    /// <summary>Resolves assemblies from the deployment too, from now on. The same deployment again changes nothing.</summary>
    /// <param name="directory">The deployment's folder.</param>
    /// <param name="entry">The file name of its entry assembly.</param>
    /// <exception cref="InvalidOperationException">The process already belongs to another deployment.</exception>
    /// <exception cref="FileNotFoundException">There is no such entry assembly.</exception>
    /// <exception cref="FileLoadException">It needs a process of its own, or a newer host.</exception>
    public void Use(string directory, string entry)
    {
        var path = Path.GetFullPath(Path.Combine(directory, entry));
        if (_entryPath is not null)
        {
            if (!string.Equals(_entryPath, path, StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"This process belongs to {_entryPath} and cannot load {path}.");
            }

            return;
        }

        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The deployment's entry assembly {path} does not exist.", path);
        }

        resolution.Add(new AssemblyDependencyResolver(path));
        _entryPath = path;
    }

    /// <summary>Loads the entry assembly. The current directory, <see cref="AppContext.BaseDirectory"/> and
    /// <see cref="Assembly.GetEntryAssembly"/> are the deployment's from here on.</summary>
    /// <returns>The entry assembly; none of its code has run.</returns>
    /// <exception cref="FileLoadException">See <see cref="Use"/>; or its name is that of an assembly of the worker's or the framework's.</exception>
    public Assembly Load(string directory, string entry)
    {
        Use(directory, entry);
        var folder = Path.GetDirectoryName(_entryPath!)!;
        var assembly = AssemblyLoadContext.Default.LoadFromAssemblyPath(_entryPath!);
        if (!string.Equals(assembly.Location, _entryPath, StringComparison.Ordinal))
        {
            // The runtime gives its own assembly of that name without a word.
            throw new FileLoadException($"The entry assembly is named like {assembly.Location}: give the project another assembly name.", _entryPath);
        }

        Assembly.SetEntryAssembly(assembly);
        Environment.CurrentDirectory = folder;

        // AppContext.BaseDirectory reads this on every call, and ends in a separator.
        AppContext.SetData("APP_CONTEXT_BASE_DIRECTORY", folder + Path.DirectorySeparatorChar);
        return assembly;
    }
}
