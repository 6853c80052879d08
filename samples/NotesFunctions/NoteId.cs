using System.ComponentModel.DataAnnotations;

namespace NotesFunctions;

public sealed record NoteId(
    [Required, RegularExpression("^[0-9a-f]{32}$", ErrorMessage = "An id is 32 hexadecimal digits, as add-note gives them.")] string Id);
