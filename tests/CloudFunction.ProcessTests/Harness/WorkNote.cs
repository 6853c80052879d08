using System.Globalization;

namespace CloudFunction.ProcessTests.Harness;

/// <summary>A line that the function <c>note</c> has written.</summary>
/// <param name="What"><c>start</c> or <c>end</c>.</param>
/// <param name="Id">Which work.</param>
/// <param name="Attempt">The attempt's number, as the function was told.</param>
/// <param name="Pid">Who ran it.</param>
internal sealed record WorkNote(string What, string Id, int Attempt, int Pid)
{
    /// <summary>All of them, of all workers that the project <c>faulty</c> has had.</summary>
    public static IReadOnlyList<WorkNote> Read(ContentRoot root)
    {
        var folder = new DirectoryInfo(root.Marker("faulty", ""));
        return folder.Exists ? [.. folder.GetFiles("*.notes").SelectMany(Lines).Select(Parse)] : [];
    }

    /// <summary>Waits until an attempt has started.</summary>
    /// <returns>The process that runs it.</returns>
    public static async Task<int> WaitForStartAsync(ContentRoot root, string id, int attempt = 1)
    {
        WorkNote? found = null;
        await Eventually.BecomesAsync(
            () => (found = Read(root).FirstOrDefault(note => note.What == "start" && note.Id == id && note.Attempt == attempt)) is not null,
            TimeSpan.FromSeconds(30),
            () => $"Attempt {attempt} at {id} did not start. The notes: {string.Join(", ", Read(root).TakeLast(20))}");
        return found!.Pid;
    }

    private static IEnumerable<string> Lines(FileInfo file)
    {
        using var reader = new StreamReader(file.Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Split('\n').SkipLast(1); // After the last line's end there is nothing, or what is just being written.
    }

    private static WorkNote Parse(string line) => line.Split(' ') is [var what, var id, var attempt, var pid]
        ? new WorkNote(what, id, int.Parse(attempt, CultureInfo.InvariantCulture), int.Parse(pid, CultureInfo.InvariantCulture))
        : throw new FormatException($"'{line}' is not a note.");
}
