namespace CloudFunction.Runtime.Deployments;

/// <summary>Finds which of a folder's assemblies is the function project.</summary>
internal static class EntryAssemblyFinder
{
    private const string HowToPublish = "`dotnet publish <project>.csproj -o <this folder>`";

    private static readonly string WhatIsRight =
        $"put C# files (.cs) or a .csproj there, or a project that was published (<project>.dll and <project>{DependencyFile.Suffix}) with "
        + HowToPublish;

    /// <summary>The dependency file of the function project.</summary>
    /// <exception cref="DeploymentException">There is none, or several might be it.</exception>
    /// <exception cref="IOException">The folder cannot be read at this moment.</exception>
    public static DependencyFile Find(string directory)
    {
        var files = Directory.EnumerateFiles(directory, "*" + DependencyFile.Suffix)
            .Where(file => !SourceFolder.IsIgnored(Path.GetFileName(file)))
            .Order(StringComparer.Ordinal)
            .ToArray();
        if (files.Length == 0)
        {
            throw Describe(directory);
        }

        var complete = files.Where(file => DiskEntry.IsFile(AssemblyOf(file))).ToArray();
        return complete.Length switch
        {
            0 => throw new DeploymentException(
                DeploymentErrorCode.DependencyError,
                $"{Path.GetFileName(files[0])} is here, but {Path.GetFileName(AssemblyOf(files[0]))} is not: publish the project anew "
                + $"with {HowToPublish}."),
            1 => DependencyFile.Read(complete[0]),
            _ => Choose([.. complete.Select(DependencyFile.Read)]),
        };
    }

    private static string AssemblyOf(string dependencyFile) =>
        string.Concat(dependencyFile.AsSpan(0, dependencyFile.Length - DependencyFile.Suffix.Length), ".dll");

    /// <summary>A project that references others of its kind has their files beside its own; the function project is the one at the top.</summary>
    private static DependencyFile Choose(IReadOnlyList<DependencyFile> files)
    {
        var withFunctions = files.Where(file => References(file, PlatformAssemblies.Abstractions)).ToArray();
        var top = withFunctions.Where(file => !files.Any(other => other != file && References(other, file.Name))).ToArray();
        if (top.Length == 1)
        {
            return top[0];
        }

        var names = string.Join(", ", files.Select(file => file.Name + ".dll"));
        throw new DeploymentException(DeploymentErrorCode.Invalid, withFunctions.Length == 0
            ? $"None of {names} references {PlatformAssemblies.Abstractions}: add the package to the project with the functions and publish it anew."
            : $"It is not clear which of {names} has the functions: publish one function project per folder.");
    }

    private static bool References(DependencyFile file, string library) => file.Versions.ContainsKey(library);

    private static DeploymentException Describe(string directory)
    {
        bool Has(string pattern) => Directory.EnumerateFiles(directory, pattern).Any();
        return new DeploymentException(
            DeploymentErrorCode.Invalid,
            Has("*.dll") ? $"The folder holds assemblies but no *{DependencyFile.Suffix}: publish the project with {HowToPublish}, and without "
                + "GenerateDependencyFile=false."
            : Directory.EnumerateFileSystemEntries(directory).All(entry => SourceFolder.IsIgnored(Path.GetFileName(entry)))
                ? $"The folder is empty: {WhatIsRight}."
            : $"The folder holds nothing that can run here{(Has("*.py") ? ", and Python files do not" : "")}: {WhatIsRight}.");
    }
}
