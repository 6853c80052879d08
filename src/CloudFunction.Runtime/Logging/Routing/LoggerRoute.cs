using CloudFunction.Runtime.Logging.Configuration;
using Serilog.Events;

namespace CloudFunction.Runtime.Logging.Routing;

/// <summary>Where the records of one name go, as long as its tree is the present one.</summary>
/// <param name="tree">Whose it is.</param>
/// <param name="name">The logger's name.</param>
/// <param name="project">Whose records they are, or null.</param>
/// <param name="level">The lowest level that anything is done with.</param>
/// <param name="files">Files with their whole paths.</param>
/// <param name="consoles">Standard output and error.</param>
internal sealed class LoggerRoute(
    LoggerTree tree, string name, string? project, int level, FileHandlerConfiguration[] files, StreamHandlerConfiguration[] consoles)
{
    private long _dropped;

    public LoggerTree Tree => tree;

    public string Name => name;

    public string? Project => project;

    public ReadOnlySpan<FileHandlerConfiguration> Files => files;

    public ReadOnlySpan<StreamHandlerConfiguration> Consoles => consoles;

    /// <summary>The lowest level that anything is done with; beyond all levels where nothing is.</summary>
    public int Level => level;

    /// <summary>Whether anything is done with a record of this level.</summary>
    public bool IsEnabled(LogEventLevel ofRecord) => (int)ofRecord >= level;

    /// <summary>A record was dropped. Thread safe.</summary>
    /// <returns>Whether it is the first that is not reported yet.</returns>
    public bool CountDropped() => Interlocked.Increment(ref _dropped) == 1;

    /// <summary>The dropped records that are reported now.</summary>
    public long TakeDropped() => Interlocked.Exchange(ref _dropped, 0);
}
