using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Projects;

/// <summary>Reads the <c>.env</c> files of projects, as the setting ENV_INTERPOLATE has it.</summary>
/// <param name="options">The settings in force.</param>
/// <param name="host">Its variables, less the host's own, are what references stand for that no line of the file sets.</param>
internal sealed class VariablesReader(CloudFunctionOptions options, HostFolder host)
{
    /// <summary>Reads the file in a folder; empty where there is none.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="DotEnvException">It is wrong or cannot be read, or the host's own is.</exception>
    public DotEnvFile Read(string folder, string name) => ProjectEnvironment.ReadOverlay(folder, FindEnvironment(), name);

    /// <summary>Reads the text of such a file.</summary>
    /// <exception cref="DotEnvException">It is wrong, or the host's own is.</exception>
    public DotEnvFile Parse(string text) => DotEnvFile.Parse(text, DotEnvFile.FileName, FindEnvironment());

    private IReadOnlyDictionary<string, string>? FindEnvironment() =>
        options.EnvInterpolate ? host.ReadBaseEnvironment(interpolates: true) : null;
}
