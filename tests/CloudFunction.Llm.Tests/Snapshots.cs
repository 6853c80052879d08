using System.Reflection;
using Snapshooter;
using Snapshooter.Xunit;

namespace CloudFunction.Llm.Tests;

/// <summary>The one place that knows which snapshot library there is.</summary>
internal static class Snapshots
{
    // Told, not taken from the caller's source: a deterministic build knows no real path of it.
    private static readonly string Folder =
        typeof(Snapshots).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "TestDirectory").Value!;

    /// <summary>Compares a text with the file of this name below <c>__snapshots__</c>. A file that is missing is written, and fails the test where CI
    /// runs it.</summary>
    public static void Match(string text, string name) => Snapshot.Match(text, new SnapshotFullName($"{name}.snap", Folder));
}
