using Serilog.Events;
using Serilog.Formatting;

namespace CloudFunction.Runtime.Tests.Logging.Fakes;

/// <summary>Writes level and message, and an exception on a line of its own.</summary>
internal sealed class PlainFormatter : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write(logEvent.Level);
        output.Write(' ');
        output.WriteLine(logEvent.MessageTemplate.Text);
        if (logEvent.Exception is not null)
        {
            output.Write(' ');
            output.WriteLine(logEvent.Exception);
        }
    }
}
