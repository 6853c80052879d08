namespace CloudFunction.Data.Tests;

internal sealed class NoteEntity
{
    public long Id { get; set; }

    public string Text { get; set; } = "";
}
