using System.Diagnostics;

namespace CloudFunction.ProcessTests.Harness;

/// <summary>What a process has written so far, both streams in order of arrival. Thread safe.</summary>
internal sealed class ProcessOutput
{
    private readonly List<string> _lines = [];

    public ProcessOutput(Process process)
    {
        process.OutputDataReceived += (_, e) => Add(e.Data);
        process.ErrorDataReceived += (_, e) => Add(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Text
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>How many lines there are with that text.</summary>
    public int Count(string text)
    {
        lock (_lines)
        {
            return _lines.Count(l => l.Contains(text, StringComparison.Ordinal));
        }
    }

    /// <summary>The first line with that text, or null.</summary>
    public string? Find(string text)
    {
        lock (_lines)
        {
            return _lines.Find(l => l.Contains(text, StringComparison.Ordinal));
        }
    }

    /// <summary>The end of it, for messages.</summary>
    public override string ToString()
    {
        lock (_lines)
        {
            return $"Its last output:\n{string.Join('\n', _lines.TakeLast(60))}";
        }
    }

    private void Add(string? line)
    {
        if (line is not null)
        {
            lock (_lines)
            {
                _lines.Add(line);
            }
        }
    }
}
