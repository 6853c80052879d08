using System.Runtime.InteropServices;
using SideBySide.Processes;

namespace SideBySide.Report;

internal sealed record Machine(int Cores, string Processor, string OperatingSystem, string Runtime, double MemoryGigabytes, string? LoadBefore)
{
    public static async Task<Machine> ReadAsync(CancellationToken cancellationToken) => new(
        Environment.ProcessorCount,
        await ProcessorAsync(cancellationToken),
        $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
        RuntimeInformation.FrameworkDescription,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Math.Pow(1024, 3), 1),
        File.Exists("/proc/loadavg") ? string.Join(' ', (await File.ReadAllTextAsync("/proc/loadavg", cancellationToken)).Split(' ').Take(3)) : null);

    private static async Task<string> ProcessorAsync(CancellationToken cancellationToken)
    {
        if (System.OperatingSystem.IsLinux())
        {
            // Arm kernels print no model name there.
            var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal));
            return line?.Split(':', 2)[1].Trim() ?? "unknown";
        }

        return System.OperatingSystem.IsMacOS()
            ? await Command.TryReadLineAsync("sysctl", ["-n", "machdep.cpu.brand_string"], null, cancellationToken) ?? "unknown"
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";
    }
}
