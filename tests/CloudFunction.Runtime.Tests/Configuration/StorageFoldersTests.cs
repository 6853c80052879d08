using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Tests.Configuration;

public sealed class StorageFoldersTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly StorageFolders _folders;

    public StorageFoldersTests() => _folders = new StorageFolders(new CloudFunctionOptions
    {
        DataDirectory = _folder.Combine("data"),
        DeploymentsDirectory = _folder.Combine("data", "deployments") + Path.DirectorySeparatorChar,
        ProjectsDirectory = _folder.Combine("data2"),
        LogDirectory = _folder.Combine("logs"),
        ConfigDirectory = _folder.Combine("config"),
    }, _folder.Combine("root"));

    public void Dispose() => _folder.Dispose();

    /// <summary>A folder may lie within another one, and the name of one may begin another's.</summary>
    [Theory]
    [InlineData("data/tasks/tasks.db", "DATA_DIR", "tasks/tasks.db")]
    [InlineData("data/deployments/shop/1.json", "DEPLOYMENTS_DIR", "shop/1.json")]
    [InlineData("data2/shop/.env", "PROJECTS_DIR", "shop/.env")]
    [InlineData("data2", "PROJECTS_DIR", null)]
    [InlineData("data3/shop", null, null)]
    [InlineData("logs/server.log", "LOG_DIR", "server.log")]
    [InlineData("root/.env", null, ".env")]
    [InlineData("root", null, null)]
    public void Find_APathInTheMessage_IsTheInnermostFolderAndTheRest(string path, string? setting, string? rest)
    {
        var error = new IOException($"Something failed : '{_folder.Combine(path.Split('/'))}'");

        Assert.Equal(new StorageFailure(StorageFault.Failed, setting, rest), _folders.Find(new InvalidOperationException("why", error)));
    }

    public static TheoryData<Exception, string> Errors => new()
    {
        { new IOException("x", 28), "Full" },
        { new IOException("x", 30), "ReadOnly" },
        { new IOException("x", 16), "InUse" },
        { new IOException("x", unchecked((int)0x80070020)), "InUse" },
        { new IOException("x", 5), "Failed" },
        { new IOException("x", 17), "InTheWay" },
        { new IOException("x", 20), "InTheWay" },
        { new WrongEntryException("/a", DiskEntryKind.Folder), "InTheWay" },
        { new DamagedRecordException("/a"), "Damaged" },
        { new DirectoryNotFoundException(), "Missing" },
        { new UnauthorizedAccessException("x", new IOException("Permission denied", 13)), "NoPermission" },
        { new AggregateException(new IOException("first", 5), new IOException("x")), "Failed" },
        { new IOException("outer", new IOException("No space left on device", 28)), "Full" }, // What is beneath is what somebody has to mend.
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void Find_AnyError_HasItsCause(Exception error, string fault) =>
        Assert.Equal(Enum.Parse<StorageFault>(fault), _folders.Find(error)?.Fault);

    [Fact]
    public void Find_NoInputOrOutput_IsNone() => Assert.Null(_folders.Find(new InvalidOperationException("why", new FormatException())));

    /// <summary>The framework's own words, which name the path or not as the system likes.</summary>
    [Fact]
    public void Find_ErrorsOfTheFileSystem_NameTheirFile()
    {
        _folder.Write("data/file", "");
        (Action Act, string? Path)[] all =
        [
            (() => File.ReadAllText(_folder.Combine("data", "gone")), "gone"),
            (() => File.WriteAllText(_folder.Combine("data", "no", "such"), ""), "no/such"),
            (() => Directory.CreateDirectory(_folder.Combine("data", "file")), "file"),
            (() => Directory.Delete(_folder.Combine("data", "gone")), "gone"),
            (() => File.WriteAllText(_folder.Combine("data"), ""), null),
        ];
        foreach (var (act, path) in all)
        {
            var found = _folders.Find(Record.Exception(act)!);

            Assert.Equal(("DATA_DIR", path), (found?.Setting, found?.Path));
        }
    }
}
