using CloudFunction.Runtime.Projects.Uploads;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Projects.Uploads;

public sealed class ProjectTrashTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 2, 3, 4, 5, 6, 78, TimeSpan.Zero));

    private string Data => _folder.Combine("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Move_Folder_IsInTheTrashUnderItsNameAndTime()
    {
        _folder.Write("projects/greetings/a/b.cs", "b");

        var path = ProjectTrash.Move(_folder.Combine("projects", "greetings"), Data, _time);

        Assert.Equal(Path.Combine(Data, "trash", "greetings-20260203T040506078"), path);
        Assert.Equal("b", File.ReadAllText(Path.Combine(path, "a", "b.cs")));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Combine("projects")));
    }

    [Fact]
    public void Move_NameTaken_OverwritesNothing()
    {
        var paths = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            _folder.Write("projects/p/a.txt", $"{i}");
            paths.Add(ProjectTrash.Move(_folder.Combine("projects", "p") + Path.DirectorySeparatorChar, Data, _time));
        }

        Assert.Equal(["0", "1", "2"], paths.Select(path => File.ReadAllText(Path.Combine(path, "a.txt"))));
        Assert.EndsWith("-3", paths[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Move_FormerContentOfTheFolderLeft_DoesNotComeBack()
    {
        _folder.Write("projects/p/a.txt", "");
        _folder.Write("projects/" + new FolderNames("", "p").NewReplaced() + "/a.txt", "");

        ProjectTrash.Move(_folder.Combine("projects", "p"), Data, _time);
        FolderReplacement.Recover(_folder.Combine("projects"), new RecordingLogger<FolderReplacement>());

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Combine("projects")));
    }

    [Fact]
    public void Move_NoFolder_Throws()
    {
        Directory.CreateDirectory(_folder.Combine("projects"));

        Assert.Throws<DirectoryNotFoundException>(() => ProjectTrash.Move(_folder.Combine("projects", "p"), Data, _time));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Data, "trash")));
    }

    [SkippableFact]
    public void Move_ToAnotherVolume_CopiesAndRemoves()
    {
        // Memory, as every Linux has it: another volume than that of temporary files.
        const string Memory = "/dev/shm";
        Skip.IfNot(Directory.Exists(Memory), $"There is no {Memory} here.");
        var data = Directory.CreateDirectory(Path.Combine(Memory, "cf-" + Guid.NewGuid().ToString("N"))).FullName;
        try
        {
            _folder.Write("projects/p/a/b.txt", "b");
            _folder.Write("projects/p/empty.txt", "");
            File.CreateSymbolicLink(_folder.Combine("projects", "p", "link"), "a/b.txt");

            var path = ProjectTrash.Move(_folder.Combine("projects", "p"), data, _time);

            Assert.Equal([path], Directory.GetFileSystemEntries(Path.Combine(data, "trash")));
            Assert.Equal("b", File.ReadAllText(Path.Combine(path, "link")));
            Assert.Equal("a/b.txt", new FileInfo(Path.Combine(path, "link")).LinkTarget);
            Assert.True(File.Exists(Path.Combine(path, "empty.txt")));
            Assert.Empty(Directory.GetFileSystemEntries(_folder.Combine("projects")));
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public void MoveByCopy_TargetTaken_LeavesTheFolderWhereItWas()
    {
        _folder.Write("projects/p/a.txt", "a");
        _folder.Write("trash/p/b.txt", "b");

        Assert.Throws<IOException>(() => ProjectTrash.MoveByCopy(_folder.Combine("projects", "p"), _folder.Combine("trash", "p")));

        Assert.Equal([_folder.Combine("projects", "p")], Directory.GetFileSystemEntries(_folder.Combine("projects")));
        Assert.Equal([_folder.Combine("trash", "p")], Directory.GetFileSystemEntries(_folder.Combine("trash")));
        Assert.Equal("a", File.ReadAllText(_folder.Combine("projects", "p", "a.txt")));
    }
}
