using System.Collections.Concurrent;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Callbacks;

namespace CloudFunction.Runtime.Tests.Tasks.Callbacks;

/// <summary>Answers as the test says, and keeps what it was given.</summary>
internal sealed class ScriptedSender(Func<Callback, CancellationToken, Task<CallbackOutcome>> answer) : ICallbackSender, ICallbackContent
{
    public ConcurrentQueue<Callback> Sent { get; } = [];

    public Task<ReadOnlyMemory<byte>?> ReadAsync(TaskId task, CancellationToken cancellationToken) =>
        Task.FromResult<ReadOnlyMemory<byte>?>("{}"u8.ToArray());

    public Task<CallbackOutcome> SendAsync(Callback callback, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        Sent.Enqueue(callback);
        return answer(callback, cancellationToken);
    }
}
