namespace CloudFunction.Runtime.Configuration.Yaml;

/// <summary>Finds what the parser skips or names by the wrong place: control characters, and tabs before a line's text.</summary>
internal static class YamlCharacters
{
    /// <summary>Checks a text, and notes what is wrong.</summary>
    /// <returns>The text, with spaces for the tabs before comments and in blank lines, where the parser takes none but they show nowhere;
    /// null where something is wrong.</returns>
    public static string? Check(string text, FileErrors errors)
    {
        var characters = text.ToCharArray();
        var isIndentation = true;
        var (line, begin, isGood) = (1, 0, true);
        for (var i = 0; i < characters.Length; i++)
        {
            switch (characters[i])
            {
                case '\r' when i + 1 < characters.Length && characters[i + 1] == '\n':
                    break;
                case '\n' or '\r':
                    (line, begin, isIndentation) = (line + 1, i + 1, true);
                    break;
                case '\t' when isIndentation:
                    // One check settles the line: behind its first tab no other one can be wrong.
                    isIndentation = false;
                    if (!TryClear(characters.AsSpan(i)))
                    {
                        errors.Add(line, i - begin + 1, "there is a tab before the text of this line; allowed are spaces");
                        isGood = false;
                    }

                    break;
                case ' ' or '\t':
                    break;
                case var character when char.IsControl(character) && character != '\u0085':
                    errors.Add(
                        line, i - begin + 1,
                        $"there is the control character U+{(int)character:X4}; allowed are printable characters, and escapes in double quotes");
                    (isIndentation, isGood) = (false, false);
                    break;
                default:
                    isIndentation = false;
                    break;
            }
        }

        return isGood ? new string(characters) : null;
    }

    private static bool TryClear(Span<char> line)
    {
        var end = line.IndexOfAnyExcept(' ', '\t');
        var isBlankOrComment = end < 0 || line[end] is '\r' or '\n' or '#';
        if (isBlankOrComment)
        {
            line[..(end < 0 ? line.Length : end)].Fill(' ');
        }

        return isBlankOrComment;
    }
}
