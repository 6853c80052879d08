using CloudFunction;

namespace FaultyFunctions;

/// <summary>Notes each attempt that starts, <c>start id attempt pid</c>, and each that ends well, <c>end id attempt pid</c>, in a file that
/// each process has to itself, <c>*.notes</c>: a line is the kernel's before the function goes on, and so outlives its process.</summary>
[Function("note")]
public sealed class Note : IFunction<NotedWork, string>
{
    private static readonly Lock Writing = new();
    private static FileStream? _notes;

    public async ValueTask<string> InvokeAsync(NotedWork request, FunctionContext context, CancellationToken cancellationToken)
    {
        Write(context, "start", request.Id);
        if (request.Milliseconds > 0 && context.Attempt == 1)
        {
            await Task.Delay(request.Milliseconds, cancellationToken);
        }

        if (context.Attempt <= request.Failing)
        {
            throw new InvalidOperationException($"Attempt {context.Attempt} at {request.Id} is to fail.");
        }

        Write(context, "end", request.Id);
        return request.Id;
    }

    private static void Write(FunctionContext context, string what, string id)
    {
        lock (Writing)
        {
            _notes ??= new FileStream(
                Path.Combine(context.DataDirectory, $"{Guid.NewGuid():N}.notes"), FileMode.CreateNew, FileAccess.Write,
                FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            _notes.Write(System.Text.Encoding.UTF8.GetBytes($"{what} {id} {context.Attempt} {Environment.ProcessId}\n"));
        }
    }
}
