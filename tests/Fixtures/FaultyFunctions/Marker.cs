using CloudFunction;

namespace FaultyFunctions;

/// <summary>Files in the project's data directory by which a function tells a test how far it has come, whatever becomes of its answer.</summary>
internal static class Marker
{
    /// <summary>Whether a test has written one.</summary>
    public static bool Exists(FunctionContext context, string name) => File.Exists(Path.Combine(context.DataDirectory, name));

    public static void Write(FunctionContext context, string name, string text = "")
    {
        // Moved into place, so that a test never reads half of it.
        var path = Path.Combine(context.DataDirectory, name);
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }
}
