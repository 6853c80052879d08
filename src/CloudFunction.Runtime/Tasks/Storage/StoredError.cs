using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>Errors as three columns: message, exception type, field.</summary>
internal static class StoredError
{
    // Kept for every attempt, and in lists: long enough to read what went wrong, short enough that a page of them stays small.
    private const int MaxCharacters = 4096;

    /// <summary>Binds the next three parameters; a very long message is cut.</summary>
    public static SqliteStatement WithError(this SqliteStatement statement, InvocationError? error) =>
        statement.With(Cut(error?.Message)).With(Cut(error?.ExceptionType)).With(Cut(error?.Field));

    /// <summary>Reads three columns of the row.</summary>
    public static InvocationError? Error(this SqliteStatement statement, int column) =>
        statement.Text(column) is { } message ? new InvocationError(message, statement.Text(column + 1), statement.Text(column + 2)) : null;

    private static string? Cut(string? text) => text is { Length: > MaxCharacters } ? $"{text.AsSpan(0, MaxCharacters)}…" : text;
}
