using System.Reflection;

namespace CloudFunction.PackageTests;

/// <summary>What the build knows.</summary>
internal static class Built
{
    public static string RepositoryRoot => Get("RepositoryRoot");

    public static string Configuration => Get("Configuration");

    public static string Version => Get("Version");

    private static string Get(string key) =>
        typeof(Built).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;
}
