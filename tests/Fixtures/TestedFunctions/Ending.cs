using CloudFunction;
using Microsoft.Extensions.Hosting;

namespace TestedFunctions;

/// <summary>A hosted service that leaves a file when it is stopped.</summary>
public sealed class Ending(FunctionProject project) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(Path.Combine(project.DataDirectory, "stopped"), "", cancellationToken);
}
