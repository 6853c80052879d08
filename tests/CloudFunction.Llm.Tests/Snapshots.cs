using Snapshooter.Xunit;

namespace CloudFunction.Llm.Tests;

/// <summary>The one place that knows which snapshot library there is.</summary>
internal static class Snapshots
{
    /// <summary>Compares a text with the file of the running test and this name below <c>__snapshots__</c>. A file that is missing is written, and fails
    /// the test where CI runs it.</summary>
    public static void Match(string text, string name) => Snapshot.Match(text, name);
}
