using System.Buffers;
using CloudFunction.Worker.Functions;
using CloudFunction.Worker.Loading;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudFunction.Worker.Session;

/// <summary>Loads and runs a function of the worker's own once, so that the code that does this for a deployment is compiled
/// before one comes.</summary>
internal static class WarmUp
{
    /// <summary>Does so.</summary>
    public static async Task RunAsync()
    {
        var settings = new ProjectSettings("warm-up", 0, AppContext.BaseDirectory, Path.GetTempPath());
        var project = ProjectLoader.Load(typeof(WarmUp).Assembly, settings, NullLoggerProvider.Instance);
        await using (project.ConfigureAwait(false))
        {
            await project.StartAsync(CancellationToken.None).ConfigureAwait(false);
            var function = project.Functions.Single();
            function.Descriptor.GetParametersSchema();
            function.Descriptor.GetResponseSchema();
            var metadata = new InvocationMetadata(0, 1, DateTimeOffset.MaxValue, null);
            await function.InvokeAsync(
                metadata, new ReadOnlySequence<byte>("""{"text":"a"}"""u8.ToArray()), new ArrayBufferWriter<byte>(), CancellationToken.None)
                .ConfigureAwait(false);
            await project.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }
}
