using System.Text;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Deployments.Sources;

namespace CloudFunction.Runtime.Projects;

/// <summary>What lies in the host's own folder and concerns all projects: the system <c>.env</c> and the common <c>requirements.txt</c>.</summary>
/// <param name="contentRoot">Where both files are.</param>
/// <param name="processVariables">The host's own environment.</param>
internal sealed class HostFolder(string contentRoot, IReadOnlyDictionary<string, string> processVariables)
{
    private string EnvPath => Path.Combine(contentRoot, DotEnvFile.FileName);

    /// <summary>Changes the system <c>.env</c>, lastingly.</summary>
    /// <param name="changes">By name; null removes it.</param>
    /// <param name="options">The settings in force, against which new ones are checked.</param>
    /// <returns>Which of the names are the host's own settings.</returns>
    /// <exception cref="DotEnvException">A name or value cannot be in such a file, or the file is wrong already.</exception>
    /// <exception cref="ProjectException">A setting's value is not allowed.</exception>
    public IReadOnlyList<string> Change(IReadOnlyDictionary<string, string?> changes, CloudFunctionOptions options)
    {
        var edited = DotEnvEditor.EditFile(EnvPath, changes, options.EnvInterpolate);
        var errors = changes.Where(each => !string.IsNullOrWhiteSpace(each.Value))
            .Select(each => Check(each.Key, each.Value!, options))
            .OfType<string>()
            .ToList();
        if (errors.Count > 0)
        {
            throw new ProjectException(ProjectErrorCode.EnvironmentError, string.Join(Environment.NewLine, errors));
        }

        DurableFile.Write(EnvPath, Encoding.UTF8.GetBytes(edited), isSecret: true);
        return [.. changes.Keys.Where(name => SettingNames.OfHost.Contains(name))];
    }

    /// <summary>What every worker is started with, as the file is now.</summary>
    /// <param name="interpolates">Whether references in the file are replaced.</param>
    /// <exception cref="DotEnvException">The file is wrong.</exception>
    public IReadOnlyDictionary<string, string> ReadBaseEnvironment(bool interpolates) =>
        ProjectEnvironment.BuildBase(processVariables, DotEnvFile.Read(EnvPath, interpolates ? processVariables : null).Values);

    /// <summary>The packages of the common <c>requirements.txt</c>, then those that the host itself was built with.</summary>
    /// <exception cref="DeploymentException">The file is wrong.</exception>
    public IReadOnlyList<string> ReadDependencies()
    {
        var common = RequirementsFile.Read(contentRoot).Select(each => each.Text);
        var name = System.Reflection.Assembly.GetEntryAssembly()?.GetName().Name;
        var file = Path.Combine(AppContext.BaseDirectory, name + DependencyFile.Suffix);
        return [.. common, .. File.Exists(file) ? DependencyFile.Read(file).Packages : []];
    }

    private static string? Check(string name, string value, CloudFunctionOptions options)
    {
        var plain = name.StartsWith(SettingsTable.Prefix, StringComparison.OrdinalIgnoreCase) ? name[SettingsTable.Prefix.Length..] : name;
        if (SettingsTable.All.FirstOrDefault(each => EnvironmentNames.Comparer.Equals(each.Name, plain)) is not { } setting)
        {
            return null;
        }

        var tried = options.Clone();
        return setting.TryApply(tried, value.Trim()) && setting.IsValid(tried)
            ? null
            : $"{name}: its value is not allowed; allowed is {setting.Allowed}.";
    }
}
