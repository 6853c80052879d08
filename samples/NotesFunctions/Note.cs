namespace NotesFunctions;

public sealed record Note(string Id, string Text, string Created);
