namespace CloudFunction.Runtime.Tests.OldFiles;

/// <summary>One kind of file of the old system, with what may be in it.</summary>
/// <param name="Title">What it is called in the documentation.</param>
/// <param name="ChineseTitle">The same in Chinese.</param>
/// <param name="Packages">Debian's packages of the Python that reads it.</param>
/// <param name="Modules">Their modules.</param>
/// <param name="Script">Defines <c>answer(text)</c> in Python: what comes of a text, or None where it is refused.</param>
/// <param name="Read">The parser here.</param>
/// <param name="Rows">What may be in it.</param>
internal sealed record OldFileTable(
    string Title, string ChineseTitle, string Packages, string[] Modules, string Script, Func<string, OldFileReading> Read, OldFileRow[] Rows)
{
    /// <summary>How a row is read here, and how that goes with the old system.</summary>
    public (OldFileResult Result, OldFileReading Here) Compare(OldFileRow row)
    {
        var here = Read(row.Text);
        return (
            here.Value is null ? OldFileResult.Refused
                : here.Value == row.There ? OldFileResult.Same
                : row.There is null ? OldFileResult.Wider
                : here.Message is null ? OldFileResult.Quiet
                : OldFileResult.Warned,
            here);
    }
}
