using System.ComponentModel;
using SideBySide.Processes;

namespace SideBySide.Report;

/// <summary>The commit, and whether anything but earlier results differs from it.</summary>
internal sealed record SourceState(string Commit, bool IsDirty)
{
    public static async Task<SourceState> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var limit = TimeSpan.FromSeconds(10);
            var commit = await Command.RunAsync("git", ["rev-parse", "--short=10", "HEAD"], Repository.Root, limit, cancellationToken);
            var status = await Command.RunAsync(
                "git", ["status", "--porcelain", "--", ".", ":(exclude)bench/results"], Repository.Root, limit, cancellationToken);
            return commit.ExitCode == 0 && status.ExitCode == 0
                ? new SourceState(commit.Output.Trim(), status.Output.Trim().Length > 0)
                : new SourceState("unknown", true);
        }
        catch (Win32Exception)
        {
            return new SourceState("unknown", true); // No git here; the figures are good all the same.
        }
    }
}
