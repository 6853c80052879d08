namespace CloudFunction.Runtime.Configuration.Yaml;

/// <summary>Collects what is wrong in a file, so that all of it is reported at once.</summary>
/// <param name="path">What the messages call the file.</param>
internal sealed class FileErrors(string path)
{
    // Who has made more mistakes than these is served better by a shorter list.
    private const int MaxShown = 100;

    // Room for every list of what is allowed. What is longer quotes a value that nobody wants to read again.
    private const int MaxLength = 1000;

    private readonly List<(int Line, int Column, string Text)> _errors = [];

    /// <summary>Whether there are any.</summary>
    public bool Any => _errors.Count > 0;

    /// <summary>Whether what is added now is only counted, so that no more need be searched for.</summary>
    public bool IsFull => _errors.Count >= MaxShown;

    /// <summary>Whether there is one of this part of the file.</summary>
    public bool HasAt(YamlNode node) => _errors.Exists(error => error.Line == node.Line && error.Column == node.Column);

    /// <summary>Notes an error.</summary>
    /// <param name="line">Where, from 1.</param>
    /// <param name="column">Where, from 1.</param>
    /// <param name="text">What is wrong and what is allowed, in one line.</param>
    public void Add(int line, int column, string text) => _errors.Add((line, column, text));

    /// <summary>Notes an error of a part of the file.</summary>
    public void Add(YamlNode node, string text) => Add(node.Line, node.Column, text);

    /// <summary>Does nothing where there are none.</summary>
    /// <exception cref="ConfigurationFileException">There are; they are named in the file's order.</exception>
    public void ThrowIfAny()
    {
        if (Any)
        {
            throw new ConfigurationFileException(
            [
                .. _errors.OrderBy(error => error.Line).ThenBy(error => error.Column).Take(MaxShown)
                    .Select(error => $"{path}:{error.Line}:{error.Column}: {Shorten(SafeText.Of(error.Text))}"),
                .. _errors.Count > MaxShown ? (string[])[$"{path}: {_errors.Count - MaxShown} more errors are not shown"] : [],
            ]);
        }
    }

    private static string Shorten(string text) => text.Length <= MaxLength ? text : $"{text[..(MaxLength / 2)]} … {text[^(MaxLength / 2)..]}";
}
