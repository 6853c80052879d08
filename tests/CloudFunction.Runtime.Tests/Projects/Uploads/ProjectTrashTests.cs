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

    [Fact]
    public void PutBack_MovedBefore_IsWhereItWas()
    {
        _folder.Write("projects/p/a.txt", "a");
        var path = ProjectTrash.Move(_folder.Combine("projects", "p"), Data, _time);

        ProjectTrash.PutBack(path, _folder.Combine("projects", "p"));

        Assert.Equal("a", File.ReadAllText(_folder.Combine("projects", "p", "a.txt")));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Data, "trash")));
    }

    [Fact]
    public void Sweep_AnyAgeAndNumber_KeepsTheLatestFiftyOfThirtyDaysAndWhatIsNoneOfTheHosts()
    {
        for (var day = 0; day < 40; day++)
        {
            for (var number = 0; number < 2; number++)
            {
                _folder.Write("projects/p/a.txt", $"{day}");
                ProjectTrash.Move(_folder.Combine("projects", "p"), Data, _time);
            }

            _time.Advance(TimeSpan.FromDays(1));
        }

        _folder.Write("data/trash/kept by hand/a.txt", "");
        _folder.Write("data/trash/p-20260203/a.txt", "");
        _folder.Write("data/trash/.removed-0123/a.txt", "");
        Sweep();
        Assert.Equal(50 + 2, Directory.GetDirectories(Path.Combine(Data, "trash")).Length); // 25 days of 30.
        Assert.Equal(15, Left().Min());

        _time.Advance(TimeSpan.FromDays(10));
        Sweep();
        Assert.Equal(20, Left().Min());
        _time.Advance(TimeSpan.FromDays(100));
        Sweep();
        Assert.Equal(["kept by hand", "p-20260203"], Directory.GetDirectories(Path.Combine(Data, "trash")).Select(Path.GetFileName).Order());

        IEnumerable<int> Left() => Directory.GetDirectories(Path.Combine(Data, "trash"), "p-*T*")
            .Select(path => int.Parse(File.ReadAllText(Path.Combine(path, "a.txt")), System.Globalization.CultureInfo.InvariantCulture));

        void Sweep() => ProjectTrash.Sweep(Data, _time, static (path, exception) => Assert.Fail($"{path}: {exception}"));
    }

    /// <summary>A host that was killed in the middle: half of a project must never be taken for the whole.</summary>
    [Fact]
    public void RemoveCopies_CopiesThatWereCutShort_AreRemovedAndNothingElse()
    {
        _folder.Write("data/trash/.copying-0123/a.txt", "");
        _folder.Write("data/trash/p-20260203T040506078/a.txt", "");

        ProjectTrash.RemoveCopies(Data);
        ProjectTrash.RemoveCopies(_folder.Combine("none"));

        Assert.Equal([Path.Combine(Data, "trash", "p-20260203T040506078")], Directory.GetFileSystemEntries(Path.Combine(Data, "trash")));
    }

    /// <summary>What is put back goes where it was, or nowhere: PROJECTS_DIR is not made anew where it is away.</summary>
    [Fact]
    public void MoveByCopy_TargetsFolderIsAway_FailsAndLeavesItWhereItWas()
    {
        using var folder = new TemporaryDirectory();
        folder.Write("trash/hello/a.cs", "a");

        Assert.Throws<DirectoryNotFoundException>(
            () => ProjectTrash.MoveByCopy(folder.Combine("trash", "hello"), folder.Combine("away", "hello")));

        Assert.False(Directory.Exists(folder.Combine("away")));
        Assert.True(File.Exists(folder.Combine("trash", "hello", "a.cs")));
    }
}
