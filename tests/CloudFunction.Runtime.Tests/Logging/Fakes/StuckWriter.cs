using System.Text;

namespace CloudFunction.Runtime.Tests.Logging.Fakes;

/// <summary>A console that nobody reads until it is let go.</summary>
internal sealed class StuckWriter : TextWriter
{
    private readonly ManualResetEventSlim _go = new();

    public override Encoding Encoding => Encoding.UTF8;

    public void LetGo() => _go.Set();

    public override void Write(ReadOnlySpan<char> buffer) => _go.Wait(TimeSpan.FromSeconds(60));
}
