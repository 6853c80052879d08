using System.Text;
using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Tests.Deployments;

/// <summary>What every catalog of deployments does.</summary>
public abstract class DeploymentCatalogContract
{
    private const string Project = "hello";

    /// <summary>The catalog, which is empty at first; another one after <see cref="ReopenAsync"/>.</summary>
    private protected abstract IDeploymentCatalog Catalog { get; }

    /// <summary>Opens the catalog again, as the next host does after this one was killed: nothing is closed before.</summary>
    private protected abstract Task ReopenAsync();

    [Fact]
    public async Task AnyRead_UnknownProject_FindsNothing()
    {
        Assert.Empty(await Catalog.ListProjectsAsync(default));
        Assert.Empty(await Catalog.ListVersionsAsync(Project, default));
        Assert.Null(await Catalog.FindAsync(Project, 1, default));
        Assert.Equal(LiveVersions.None, await Catalog.ReadLiveAsync(Project, default));
    }

    [Fact]
    public async Task AnyRemoval_UnknownProject_DoesNothing()
    {
        await Catalog.RemoveProjectAsync(Project, default);

        Assert.Empty(await Catalog.ListProjectsAsync(default));
    }

    [Fact]
    public async Task SaveAsync_Reopened_KeepsEverything()
    {
        var function = new DeployedFunction(
            "greet", "Greets", "unary", TimeSpan.FromMilliseconds(1500), 4, null,
            Encoding.UTF8.GetBytes("""{"type":"object"}"""), ReadOnlyMemory<byte>.Empty,
            [new DeployedSchedule("0 8 * * 1", "UTC", "{}", "Once", "Skip")]);
        var contents = TestStaging.Contents() with
        {
            NeedsOwnProcess = true,
            OwnProcessReason = "why",
            RuntimeConfig = "{}",
            FrameworkOverrides = [new FrameworkOverride("sub/A.dll", new Version(11, 0, 0, 0))],
        };
        var manifest = new DeploymentManifest(3, DateTimeOffset.UnixEpoch.AddDays(1), "f3", contents, [function], DeploymentSource.Upload);

        await Catalog.SaveAsync(Project, manifest, default);
        await ReopenAsync();

        var kept = (await Catalog.FindAsync(Project, 3, default))!;
        Assert.Equal((3, manifest.CreatedAt, "f3", "upload"), (kept.Version, kept.CreatedAt, kept.Fingerprint, kept.Source));
        Assert.Equal(["A==1"], kept.Contents.Dependencies);
        Assert.Equal(contents.FrameworkOverrides, kept.Contents.FrameworkOverrides);
        Assert.Equal(contents, kept.Contents with { Dependencies = contents.Dependencies, FrameworkOverrides = contents.FrameworkOverrides });
        var found = Assert.Single(kept.Functions!);
        Assert.Equal("""{"type":"object"}""", Encoding.UTF8.GetString(found.Parameters.Span));
        Assert.True(found.Response.IsEmpty);
        Assert.Equal(function.Schedules, found.Schedules);
        Assert.Equal(function, found with { Parameters = function.Parameters, Response = function.Response, Schedules = function.Schedules });
    }

    [Fact]
    public async Task SaveAsync_VersionThatIsThere_IsReplaced()
    {
        await AddAsync(2);

        await Catalog.SaveAsync(Project, TestStaging.Manifest(1, "other"), default);
        await ReopenAsync();

        Assert.Equal([1, 2], await Catalog.ListVersionsAsync(Project, default));
        Assert.Equal("other", (await Catalog.FindAsync(Project, 1, default))!.Fingerprint);
        Assert.Equal("f2", (await Catalog.FindAsync(Project, 2, default))!.Fingerprint);
    }

    [Fact]
    public async Task ListVersionsAsync_MoreThanNine_SortsByNumber()
    {
        await AddAsync(11);
        await ReopenAsync();

        Assert.Equal(Enumerable.Range(1, 11), await Catalog.ListVersionsAsync(Project, default));
    }

    [Fact]
    public async Task ListProjectsAsync_VersionsOrLiveOnes_AreListed()
    {
        await Catalog.SaveAsync("versions", TestStaging.Manifest(1), default);
        await Catalog.SetLiveAsync("live", new LiveVersions(1), default);
        await Catalog.ReserveVersionAsync("reserved", default);
        await ReopenAsync();

        Assert.Equal(["live", "versions"], (await Catalog.ListProjectsAsync(default)).Order());
        Assert.Equal([1], await Catalog.ListVersionsAsync("versions", default));
        Assert.Empty(await Catalog.ListVersionsAsync("live", default)); // Of another project nothing is found.
    }

    [Fact]
    public async Task ReserveVersionAsync_ManyAtOnce_GivesEachAnotherNumberAboveAll()
    {
        await AddAsync(3);

        var reserved = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Catalog.ReserveVersionAsync(Project, default))));

        Assert.Equal(Enumerable.Range(4, 50), reserved.Order());
        Assert.Equal(1, await Catalog.ReserveVersionAsync("other", default));
        Assert.Equal([1, 2, 3], await Catalog.ListVersionsAsync(Project, default)); // A number alone is no version.
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReserveVersionAsync_NewestWasRemoved_ItsNumberIsNotGivenOutAgain(bool wasLive)
    {
        await AddAsync(2);
        await Catalog.SetLiveAsync(Project, new LiveVersions(wasLive ? 2 : 1), default);

        await Catalog.RemoveAsync(Project, 2, default);
        await ReopenAsync();

        Assert.Equal(3, await Catalog.ReserveVersionAsync(Project, default));
    }

    [Fact]
    public async Task ReserveVersionAsync_LiveVersionWhoseManifestIsGone_IsAboveIt()
    {
        await Catalog.SetLiveAsync(Project, new LiveVersions(7), default);

        Assert.Equal(8, await Catalog.ReserveVersionAsync(Project, default));
    }

    [Fact]
    public async Task SetLiveAsync_Reopened_IsKept()
    {
        await AddAsync(3);
        foreach (var live in (LiveVersions[])
        [
            new(2), new(3, new Dictionary<int, int> { [3] = 90, [1] = 10 }, "folder"), new(1, null, "folder"), new(null, null, "folder"),
            LiveVersions.None,
        ])
        {
            await Catalog.SetLiveAsync(Project, live, default);
            await ReopenAsync();

            Assert.Equal(live, await Catalog.ReadLiveAsync(Project, default));
        }
    }

    [Fact]
    public async Task SetLiveAsync_TrafficOfTheCaller_IsCopied()
    {
        await AddAsync(2);
        var traffic = new Dictionary<int, int> { [2] = 60, [1] = 40 };
        await Catalog.SetLiveAsync(Project, new LiveVersions(2, traffic), default);

        traffic[1] = 1;

        Assert.Equal(40, (await Catalog.ReadLiveAsync(Project, default)).WeightOf(1));
    }

    [Fact]
    public async Task RemoveAsync_LiveVersion_TheOthersGetItsCalls()
    {
        await AddAsync(2);
        await Catalog.SetLiveAsync(Project, new LiveVersions(2, new Dictionary<int, int> { [2] = 60, [1] = 40 }, "folder"), default);

        await Catalog.RemoveAsync(Project, 2, default);
        await ReopenAsync();

        Assert.Null(await Catalog.FindAsync(Project, 2, default));
        Assert.Equal([1], await Catalog.ListVersionsAsync(Project, default));
        Assert.Equal(new LiveVersions(1, null, "folder"), await Catalog.ReadLiveAsync(Project, default));

        await Catalog.RemoveAsync(Project, 1, default);
        Assert.Equal(new LiveVersions(null, null, "folder"), await Catalog.ReadLiveAsync(Project, default));
    }

    [Fact]
    public async Task RemoveProjectAsync_WithVersions_LeavesNothingAndOthersAlone()
    {
        await AddAsync(2);
        await Catalog.SetLiveAsync(Project, new LiveVersions(2, null, "folder"), default);
        await Catalog.SaveAsync("other", TestStaging.Manifest(1), default);
        await Catalog.ReserveVersionAsync(Project, default);

        await Catalog.RemoveProjectAsync(Project, default);
        await ReopenAsync();

        Assert.Equal(["other"], await Catalog.ListProjectsAsync(default));
        Assert.Empty(await Catalog.ListVersionsAsync(Project, default));
        Assert.Equal(LiveVersions.None, await Catalog.ReadLiveAsync(Project, default));
        Assert.Equal(1, await Catalog.ReserveVersionAsync(Project, default));
    }

    /// <summary>Any sequence of changes, reopened now and then, leaves what a plain model of it has.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AnySequence_ReopenedAtAnyTime_IsWhatTheModelHas(int seed)
    {
        var random = new Random(seed);
        var (versions, live, highest) = (new SortedDictionary<int, string>(), LiveVersions.None, 0);
        for (var step = 0; step < 200; step++)
        {
            switch (random.Next(6))
            {
                case 0 or 1:
                    var version = await Catalog.ReserveVersionAsync(Project, default);
                    Assert.True(version > highest, $"Step {step}: {version} after {highest}");
                    (highest, versions[version]) = (version, $"f{step}");
                    await Catalog.SaveAsync(Project, TestStaging.Manifest(version, $"f{step}"), default);
                    break;
                case 2 when versions.Count > 0:
                    var removed = versions.Keys.ElementAt(random.Next(versions.Count));
                    await Catalog.RemoveAsync(Project, removed, default);
                    versions.Remove(removed);
                    live = live.Without(removed);
                    break;
                case 3 when versions.Count > 1:
                    var two = versions.Keys.OrderBy(_ => random.Next()).Take(2).ToArray();
                    var traffic = random.Next(2) == 0 ? null : new Dictionary<int, int> { [two[0]] = 70, [two[1]] = 30 };
                    live = new LiveVersions(two[0], traffic, $"f{step}");
                    await Catalog.SetLiveAsync(Project, live, default);
                    break;
                case 4 when random.Next(10) == 0:
                    await Catalog.RemoveProjectAsync(Project, default);
                    versions.Clear();
                    (live, highest) = (LiveVersions.None, 0);
                    break;
                case 5:
                    await ReopenAsync();
                    break;
            }

            Assert.Equal(versions.Keys, await Catalog.ListVersionsAsync(Project, default));
            Assert.Equal(live, await Catalog.ReadLiveAsync(Project, default));
            foreach (var (version, fingerprint) in versions)
            {
                Assert.Equal(fingerprint, (await Catalog.FindAsync(Project, version, default))!.Fingerprint);
            }
        }
    }

    private async Task AddAsync(int count)
    {
        for (var version = 1; version <= count; version++)
        {
            await Catalog.SaveAsync(Project, TestStaging.Manifest(version), default);
        }
    }
}
