using System.Text;

namespace CloudFunction.Worker.Functions.Output;

/// <summary>Stands for a standard stream: what is written becomes records of the invocation that writes it, line by line. Whoever closes it
/// closes nothing.</summary>
/// <param name="isError">Whether it is standard error.</param>
/// <param name="outside">The lines of what writes outside of any invocation.</param>
/// <param name="send">Takes each line, and whose it is.</param>
internal sealed class ConsoleWriter(bool isError, ConsoleLines outside, Action<bool, string, InvocationContext?> send) : TextWriter
{
    public bool IsError { get; } = isError;

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write([value]);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer) => (InvocationScope.Current?.Console ?? outside).Of(this).Add(buffer);

    /// <summary>Sends a whole line.</summary>
    public void Send(string line, InvocationContext? invocation) => send(IsError, line, invocation);
}
