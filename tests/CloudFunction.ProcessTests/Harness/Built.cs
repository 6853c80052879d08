using System.Reflection;

namespace CloudFunction.ProcessTests.Harness;

/// <summary>Where the build put what tests start and deploy.</summary>
internal static class Built
{
    public static string TestHost => Get("TestHost");

    public static string SampleHostProject => Get("SampleHostProject");

    public static string Configuration => Get("Configuration");

    /// <summary>What hosts of earlier commits have left.</summary>
    public static string UpgradeFixtures => Get("UpgradeFixtures");

    /// <summary>The folder of a published function project: <c>faulty</c> or <c>hello</c>.</summary>
    public static string Project(string name) => Path.Combine(Get("Published"), name);

    private static string Get(string key) =>
        typeof(Built).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
