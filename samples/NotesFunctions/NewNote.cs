using System.ComponentModel.DataAnnotations;

namespace NotesFunctions;

public sealed record NewNote([Required, StringLength(10_000, MinimumLength = 1)] string Text);
