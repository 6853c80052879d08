using Serilog.Events;
using Serilog.Formatting;

namespace CloudFunction.Runtime.Tests.Logging.Fakes;

/// <summary>Holds its writer up until it is let go, as a slow disk does.</summary>
internal sealed class BlockingFormatter : ITextFormatter, IDisposable
{
    private readonly ManualResetEventSlim _reached = new();
    private readonly ManualResetEventSlim _go = new();
    private readonly PlainFormatter _plain = new();

    public void WaitUntilReached() => Assert.True(_reached.Wait(TimeSpan.FromSeconds(30)), "No record reached the formatter within 30 s.");

    public void LetGo() => _go.Set();

    public void Format(LogEvent logEvent, TextWriter output)
    {
        _reached.Set();
        _go.Wait(TimeSpan.FromSeconds(60));
        _plain.Format(logEvent, output);
    }

    public void Dispose()
    {
        _go.Set();
        _reached.Dispose();
    }
}
