using System.Text;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>Notes in the file <c>notes</c> that it has started, with the request's id, then waits.</summary>
[Function("note", MaxConcurrent = 50)]
public sealed class Note : IFunction<MarkedWait, string>
{
    private static readonly Lock Gate = new();

    public async ValueTask<string> InvokeAsync(MarkedWait request, FunctionContext context, CancellationToken cancellationToken)
    {
        lock (Gate)
        {
            using var notes = new FileStream(Path.Combine(context.DataDirectory, "notes"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            notes.Write(Encoding.UTF8.GetBytes(request.Id + "\n"));
        }

        await Task.Delay(request.Milliseconds, cancellationToken);
        return request.Id;
    }
}
