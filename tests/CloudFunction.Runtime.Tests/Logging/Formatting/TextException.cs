namespace CloudFunction.Runtime.Tests.Logging.Formatting;

/// <summary>An exception that is written as a given text.</summary>
internal sealed class TextException(string text) : Exception
{
    public override string ToString() => text;
}
