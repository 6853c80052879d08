using System.Text.Json;

namespace CloudFunction.Runtime.Deployments;

/// <summary>What matters here of a <c>.runtimeconfig.json</c>
/// (https://github.com/dotnet/sdk/blob/main/documentation/specs/runtime-configuration-file.md).</summary>
/// <param name="IsSelfContained">Whether it was published with a runtime of its own.</param>
/// <param name="RuntimeVersion">The least version of Microsoft.NETCore.App that it asks for; null where it names none.</param>
/// <param name="Frameworks">The names of the shared frameworks that it asks for.</param>
/// <param name="OwnReason">Why a process has to be started with its settings; null where the worker's own configuration will do.</param>
internal sealed record RuntimeConfigFile(bool IsSelfContained, Version? RuntimeVersion, IReadOnlyList<string> Frameworks, string? OwnReason)
{
    /// <summary>Ends the file's name.</summary>
    public const string Suffix = ".runtimeconfig.json";

    // What the SDK writes of itself into every project that gets such a file (Microsoft.NET.Sdk.targets), with no wish of the author's behind it.
    private static readonly Dictionary<string, bool> SdkDefaults = new(StringComparer.Ordinal)
    {
        ["System.Runtime.Serialization.EnableUnsafeBinaryFormatterSerialization"] = false,
        ["System.Reflection.Metadata.MetadataUpdater.IsSupported"] = false,
        ["Microsoft.Extensions.DependencyInjection.VerifyOpenGenericServiceTrimmability"] = true,
    };

    /// <summary>Reads a file.</summary>
    /// <exception cref="DeploymentException">It is not what the SDK writes.</exception>
    /// <exception cref="IOException">It cannot be read at this moment.</exception>
    public static RuntimeConfigFile Read(string path)
    {
        using var document = BoundedJson.Read(path);
        try
        {
            return Read(document.RootElement.GetProperty("runtimeOptions"));
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException)
        {
            throw new DeploymentException(
                DeploymentErrorCode.Invalid,
                $"{Path.GetFileName(path)} is not what the .NET SDK writes ({exception.Message}): publish the project anew with `dotnet publish`.",
                exception);
        }
    }

    /// <summary>The entries of all frameworks, however they are written.</summary>
    public static IReadOnlyList<JsonElement> ReadFrameworks(JsonElement options)
    {
        List<JsonElement> frameworks = [];
        if (options.TryGetProperty("framework", out var single))
        {
            frameworks.Add(single);
        }

        if (options.TryGetProperty("frameworks", out var several))
        {
            frameworks.AddRange(several.EnumerateArray());
        }

        return frameworks;
    }

    private static RuntimeConfigFile Read(JsonElement options)
    {
        var frameworks = ReadFrameworks(options);
        var core = frameworks.FirstOrDefault(framework => NameOf(framework) == SharedFrameworks.Core);
        return new RuntimeConfigFile(
            options.TryGetProperty("includedFrameworks", out _),
            core.ValueKind == JsonValueKind.Object ? ReadVersion(core) : null,
            [.. frameworks.Select(NameOf)],
            FindForeignFramework(frameworks) ?? FindOwnProperty(options));
    }

    private static string? FindForeignFramework(IReadOnlyList<JsonElement> frameworks) =>
        frameworks.Select(NameOf).FirstOrDefault(name => name is not (SharedFrameworks.Core or SharedFrameworks.Web)) is { } foreign
            ? $"it needs the framework {foreign}"
            : null;

    private static string? FindOwnProperty(JsonElement options)
    {
        if (!options.TryGetProperty("configProperties", out var properties))
        {
            return null;
        }

        foreach (var property in properties.EnumerateObject())
        {
            var isDefault = SdkDefaults.TryGetValue(property.Name, out var value)
                && property.Value.ValueKind == (value ? JsonValueKind.True : JsonValueKind.False);
            if (!isDefault)
            {
                return $"its runtime configuration sets {property.Name}";
            }
        }

        return null;
    }

    private static string NameOf(JsonElement framework) =>
        framework.GetProperty("name").GetString() ?? throw new InvalidOperationException("a framework has no name");

    // 10.0.0-rc.1 counts as 10.0.0.
    private static Version? ReadVersion(JsonElement framework) =>
        framework.TryGetProperty("version", out var text) && Version.TryParse(text.GetString()?.Split('-')[0], out var version) ? version : null;
}
