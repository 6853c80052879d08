using System.Text;
using CloudFunction.Runtime.Projects.Uploads;

namespace CloudFunction.Runtime.Tests.Projects.Uploads;

public sealed class FolderEditTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly FolderEdit _edit;

    public FolderEditTests() => _edit = new FolderEdit(Project);

    private string Project => _folder.Combine("project");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Commit_SetAndDelete_ChangesTheseAlone()
    {
        WriteFormer();
        Edit();

        _edit.Commit();

        Assert.Equal(["a.cs=new a", "c.cs=new c", "other.txt=other"], Contents());
    }

    [Fact]
    public void Rollback_Committed_MakesThemWhatTheyWere()
    {
        WriteFormer();
        Edit();
        _edit.Commit();

        _edit.Rollback();
        _edit.Rollback();

        Assert.Equal(["a.cs=a", "b.cs=b", "other.txt=other"], Contents());
    }

    [Fact]
    public void Rollback_NeverCommitted_DoesNothing()
    {
        WriteFormer();
        Edit();

        _edit.Rollback();

        Assert.Equal(["a.cs=a", "b.cs=b", "other.txt=other"], Contents());
    }

    [Fact]
    public void Commit_OneCannotBeWritten_PutsAllBack()
    {
        WriteFormer();
        Edit();
        _edit.Set("d.cs", "d"u8.ToArray());
        Directory.CreateDirectory(Path.Combine(Project, "d.cs"));

        Assert.True(Record.Exception(_edit.Commit) is IOException or UnauthorizedAccessException);

        Assert.Equal(["a.cs=a", "b.cs=b", "other.txt=other"], Contents());
    }

    [Fact]
    public void Rollback_FolderThatWasMade_RemovesIt()
    {
        _edit.Set("a.cs", "a"u8.ToArray());
        _edit.Commit();
        Assert.Equal(["a.cs=a"], Contents());

        _edit.Rollback();

        Assert.False(Directory.Exists(Project));
    }

    [Fact]
    public void ApplyTo_Copy_ChangesThatAlone()
    {
        WriteFormer();
        _folder.Write("copy/a.cs", "a");
        _folder.Write("copy/b.cs", "b");
        Edit();

        _edit.ApplyTo(_folder.Combine("copy"));

        Assert.Equal(["a.cs=a", "b.cs=b", "other.txt=other"], Contents());
        Assert.Equal(["a.cs=new a", "c.cs=new c"], Contents("copy"));
    }

    [SkippableFact]
    public void Commit_FileThatOnlyItsOwnerMayRead_StaysSo()
    {
        Skip.If(OperatingSystem.IsWindows());
#pragma warning disable CA1416 // Skipped above.
        _folder.Write("project/.env", "A=1");
        File.SetUnixFileMode(Path.Combine(Project, ".env"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _edit.Set(".env", "A=2"u8.ToArray());

        _edit.Commit();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Project, ".env")));
#pragma warning restore CA1416
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../a.cs")]
    [InlineData("b\\a.cs")]
    [InlineData("/a.cs")]
    [InlineData("a\0.cs")]
    public void Set_NameWithAFolder_Throws(string name)
    {
        Assert.Throws<ArgumentException>(() => _edit.Set(name, []));
        Assert.Throws<ArgumentException>(() => _edit.Delete(name));
    }

    private void WriteFormer()
    {
        foreach (var name in new[] { "a", "b" })
        {
            _folder.Write($"project/{name}.cs", name);
        }

        _folder.Write("project/other.txt", "other");
    }

    private void Edit()
    {
        _edit.Set("a.cs", Encoding.UTF8.GetBytes("new a"));
        _edit.Set("c.cs", Encoding.UTF8.GetBytes("new c"));
        _edit.Delete("b.cs");
        _edit.Delete("none.cs");
    }

    private string[] Contents(string folder = "project") =>
        [.. Directory.GetFiles(_folder.Combine(folder))
            .Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetFileName(file)}={File.ReadAllText(file)}")];

    /// <summary>The folder's own PROJECTS_DIR is away, and no new one may be in its place.</summary>
    [Fact]
    public void Commit_FolderAboveIsMissing_FailsAndMakesNone()
    {
        var edit = new FolderEdit(_folder.Combine("away", "project"));
        edit.Set("a.cs", "a"u8.ToArray());

        Assert.Throws<DirectoryNotFoundException>(edit.Commit);

        edit.Rollback();
        Assert.False(Directory.Exists(_folder.Combine("away")));
    }

    [Fact]
    public void Commit_AFolderInAFilesPlace_IsNamedAndTheOthersAreWhatTheyWere()
    {
        WriteFormer();
        Edit();
        Directory.CreateDirectory(Path.Combine(Project, "z.cs"));
        _edit.Set("z.cs", "z"u8.ToArray());

        Assert.Contains("z.cs", Assert.Throws<WrongEntryException>(_edit.Commit).Message, StringComparison.Ordinal);

        Assert.Equal(["a.cs=a", "b.cs=b", "other.txt=other"], Contents());
    }
}
