using System.Net;
using CloudFunction.ProcessTests.Harness;
using CloudFunction.Runtime.Tests.Projects.Uploads;

namespace CloudFunction.ProcessTests.Deployments;

/// <summary>Archives that could harm, each sent to a host once.</summary>
public sealed class RefusedArchiveTests
{
    private static readonly byte[] Bomb = new byte[32 << 20];

    [SkippableFact]
    public async Task Upload_ArchiveThatCouldHarm_IsRefusedWithItsEntryAndNothingIsOnDisk()
    {
        using var root = new ContentRoot().With("hello", "hello").WithShop("shop", 1);
        await using var host = await HostProcess.StartAsync(root, ("MAX_UPLOAD_BYTES", "1MB"));
        await using var load = new BackgroundLoad(host, "hello", 1);
        await host.WaitForVersionAsync("shop", 1);
        await host.WaitForStatusAsync("hello", "running");
        var before = Entries(root);
        var whole = new TestArchive(new TestEntry("Shop.dll", new string('x', 5000))).Build();
        (string Entry, byte[] Archive)[] refused =
        [
            ("../out.txt", new TestArchive(new TestEntry("../out.txt")).Build()),
            ("../shop-two/out.txt", new TestArchive(new TestEntry("../shop-two/out.txt")).Build()),
            ("/etc/out.txt", new TestArchive(new TestEntry("/etc/out.txt")).Build()),
            ("C:", new TestArchive(new TestEntry("C:\\out.txt")).Build()),
            ("a\\b.txt", new TestArchive(new TestEntry("a\\b.txt")).Build()),
            ("link", new TestArchive(new TestEntry("link", "/etc/passwd").WithMode("120777")).Build()),
            ("a.txt", new TestArchive(new TestEntry("a.txt"), new TestEntry("a.txt")).Build()),
            ("A.TXT", new TestArchive(new TestEntry("a.txt"), new TestEntry("A.TXT")).Build()),
            ("locked.txt", new TestArchive(new TestEntry("locked.txt") { Flags = 1 }).Build()),
            ("bomb.txt", new TestArchive(new TestEntry("bomb.txt"u8.ToArray(), Bomb)).Build()),
            ("lie.txt", new TestArchive(new TestEntry("lie.txt") { Bytes = 3 }).Build()),
            ("1000000", new TestArchive(new TestEntry("a.txt")) { IsZip64 = true, Count = 1_000_000 }.Build()),
            ("", new TestArchive().Build()),
            ("", whole[..^30]),
            ("", "This is not an archive at all, and says so."u8.ToArray()),
        ];

        foreach (var (entry, archive) in refused)
        {
            foreach (var project in (string[])["shop", "new"])
            {
                Assert.Contains(
                    entry, (await host.UploadAsync(project, archive)).AssertError(HttpStatusCode.UnprocessableEntity, "INVALID_PARAMETERS"));
            }
        }

        (await host.UploadAsync("shop", new byte[(1 << 20) + 1])).AssertError(HttpStatusCode.RequestEntityTooLarge, "INVALID_PARAMETERS");
        Assert.Equal(before, Entries(root));
        Assert.Equal(1, await host.VersionAsync("shop"));
        (await host.SendAsync(HttpMethod.Get, "/api/v1/projects/new")).AssertError(HttpStatusCode.NotFound, "PROJECT_NOT_FOUND");
        await load.AssertNoFailureAsync();
    }

    // All but what a host writes at any time: its logs, and the files of its processes and of the projects' state.
    private static string[] Entries(ContentRoot root) =>
    [
        .. ((string[])["projects", "deployments", Path.Combine("data", "uploads"), Path.Combine("data", "trash")])
            .Select(name => Path.Combine(root.Root, name))
            .SelectMany(path => Directory.Exists(path) ? Directory.GetFileSystemEntries(path, "*", SearchOption.AllDirectories) : [])
            .Concat(Directory.GetFileSystemEntries(root.Root).Where(path => Path.GetFileName(path) is not ("logs" or "counters")))
            .Order(StringComparer.Ordinal),
    ];
}
