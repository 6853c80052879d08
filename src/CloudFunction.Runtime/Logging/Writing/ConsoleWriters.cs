namespace CloudFunction.Runtime.Logging.Writing;

/// <summary>The console as the log meets it.</summary>
internal sealed class ConsoleWriters(Func<TextWriter> output, Func<TextWriter> error)
{
    /// <summary>The process's own.</summary>
    public static ConsoleWriters Process { get; } = new(static () => Console.Out, static () => Console.Error);

    /// <summary>Standard output.</summary>
    public TextWriter Output => output();

    /// <summary>Standard error.</summary>
    public TextWriter Error => error();
}
