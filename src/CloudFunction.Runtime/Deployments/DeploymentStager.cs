using System.Security.Cryptography;
using System.Text;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments.Sources;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Deployments;

/// <summary>Makes an immutable, numbered copy of a project's folder. Thread safe; one copy per project at a time.</summary>
/// <param name="staged">Where copies are kept.</param>
/// <param name="inspector">Checks whether a copy can run here.</param>
/// <param name="builder">Makes assemblies of source code.</param>
/// <param name="time">For the time of creation and the pauses while a folder is changing.</param>
/// <param name="logger">Where to log what was staged.</param>
internal sealed partial class DeploymentStager(
    StagedDeployments staged, DeploymentInspector inspector, SourceBuilder builder, TimeProvider time, ILogger<DeploymentStager> logger)
{
    // Four pauses: a copy by hand of ordinary size is over by then, and the watcher comes again after a longer one.
    private const int MaxReads = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    // The coarsest clock of a file system in use is FAT's, with two seconds; another machine's may be some apart.
    private static readonly TimeSpan StampMargin = TimeSpan.FromSeconds(5);

    private readonly NameLocks _locks = new();

    /// <summary>Stages a folder. Where its content is that of the newest version, that version is returned and nothing is copied.</summary>
    /// <param name="project">Whose folder it is; a valid name.</param>
    /// <param name="sourceDirectory">What to copy; it is only read, and never outside itself.</param>
    /// <param name="cancellationToken">Leaves nothing behind.</param>
    /// <param name="source">Where it comes from, for the record: one of <see cref="DeploymentSource"/>.</param>
    /// <exception cref="DeploymentException">The folder holds nothing that can run here, or keeps changing; nothing was staged.</exception>
    /// <exception cref="UnreadableException">It is not there or cannot be read; nothing was staged.</exception>
    /// <exception cref="IOException">The store cannot be written to.</exception>
    public Task<Deployment> StageAsync(
        string project, string sourceDirectory, CancellationToken cancellationToken, string source = DeploymentSource.Folder) =>
        _locks.RunAsync(project, () => StageWhenStillAsync(project, sourceDirectory, source, cancellationToken), cancellationToken);

    /// <summary>Reads a folder as it is now; its files only where they may have changed since <paramref name="last"/>.</summary>
    /// <param name="sourceDirectory">The folder.</param>
    /// <param name="last">What an earlier reading of the same folder gave; null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DeploymentException">The folder can be no deployment.</exception>
    /// <exception cref="SourceReadException">It cannot be read at this moment.</exception>
    public async Task<FolderReading> ReadFolderAsync(string sourceDirectory, FolderReading? last, CancellationToken cancellationToken)
    {
        var isSource = Reading(() => SourceKindFinder.Find(sourceDirectory)) != SourceKind.Assemblies;
        var files = Reading(() => SourceFolder.List(sourceDirectory, isSource));

        // Before they are read: what changes meanwhile then differs from it.
        var stamp = files.ReadStamp(time.GetUtcNow() - StampMargin);
        var read = stamp is not null && stamp == last?.Stamp
            ? last.Contents
            : await ReadingAsync(files.HashAsync(cancellationToken)).ConfigureAwait(false);
        return new FolderReading(isSource ? FingerprintOfSource(read) : read, read, stamp);
    }

    /// <summary>Checks again whether a staged deployment can run here, and how: the platform beneath may have changed since it was staged.</summary>
    /// <exception cref="DeploymentException">It cannot.</exception>
    /// <exception cref="IOException">Its files cannot be read, or the disk is full.</exception>
    public Task<Deployment> RecheckAsync(Deployment deployment, CancellationToken cancellationToken) =>
        staged.SetContentsAsync(deployment, inspector.Inspect(deployment.Directory), cancellationToken);

    private async Task<Deployment> StageWhenStillAsync(string project, string sourceDirectory, string source, CancellationToken cancellationToken)
    {
        await staged.SweepAsync(project, cancellationToken).ConfigureAwait(false);
        for (var read = 1; ; read++)
        {
            var change = "its files differ from one reading to the next";
            Exception? unreadable = null;
            try
            {
                if (await TryStageAsync(project, sourceDirectory, source, cancellationToken).ConfigureAwait(false) is { } deployment)
                {
                    return deployment;
                }
            }
            catch (SourceReadException exception)
            {
                change = exception.Message;
                unreadable = IsGone(exception) && Directory.Exists(sourceDirectory) ? null : exception.InnerException; // Else a file of it went.
            }

            if (read == MaxReads)
            {
                var message = $"The folder of project {project} cannot be read as a whole ({change}): "
                    + (unreadable is null ? "deploy again once nothing writes to it." : "let the host's user read it, and deploy again.");
                throw unreadable is null
                    ? new DeploymentException(DeploymentErrorCode.Invalid, message)
                    : new UnreadableException(message, unreadable);
            }

            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsGone(SourceReadException exception) => exception.InnerException is FileNotFoundException or DirectoryNotFoundException;

    /// <summary>Stages a folder if it holds still.</summary>
    /// <returns>Null where it changed in the meantime.</returns>
    private async Task<Deployment?> TryStageAsync(string project, string sourceDirectory, string source, CancellationToken cancellationToken)
    {
        var kind = Reading(() => SourceKindFinder.Find(sourceDirectory));
        return kind == SourceKind.Assemblies
            ? await TryStageAssembliesAsync(project, sourceDirectory, source, cancellationToken).ConfigureAwait(false)
            : await TryBuildAsync(project, kind, sourceDirectory, source, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Deployment?> TryStageAssembliesAsync(
        string project, string sourceDirectory, string source, CancellationToken cancellationToken)
    {
        var contents = Reading(() => inspector.Inspect(sourceDirectory, isPublishedElsewhere: true));
        var files = Reading(() => SourceFolder.List(sourceDirectory));
        var fingerprint = await ReadingAsync(files.HashAsync(cancellationToken)).ConfigureAwait(false);
        if (await FindNewestAsync(project, fingerprint, cancellationToken).ConfigureAwait(false) is { } newest)
        {
            return await staged.SetContentsAsync(newest, contents, cancellationToken).ConfigureAwait(false);
        }

        var temporary = staged.CreateTemporaryDirectory(project);
        try
        {
            // Every file was the same at two moments with all first moments before all second ones: so this was the folder in between.
            var copied = await CopyAsync(files, temporary, cancellationToken).ConfigureAwait(false);
            if (copied != fingerprint || !Reading(() => SourceFolder.List(sourceDirectory)).Names.SequenceEqual(files.Names))
            {
                return null;
            }

            return await AddAsync(project, sourceDirectory, temporary, fingerprint, source, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            staged.Discard(temporary);
        }
    }

    // Source code is copied first, and the copy built: what is built is what the folder held at one moment, however long the build takes.
    private async Task<Deployment?> TryBuildAsync(
        string project, SourceKind kind, string sourceDirectory, string source, CancellationToken cancellationToken)
    {
        var files = Reading(() => SourceFolder.List(sourceDirectory, isSource: true));
        var read = await ReadingAsync(files.HashAsync(cancellationToken)).ConfigureAwait(false);
        var fingerprint = FingerprintOfSource(read);
        if (await FindNewestAsync(project, fingerprint, cancellationToken).ConfigureAwait(false) is { } newest)
        {
            return await RecheckAsync(newest, cancellationToken).ConfigureAwait(false);
        }

        var build = builder.Open(project);
        var copied = await CopyAsync(files, build.RenewSource(), cancellationToken).ConfigureAwait(false);
        if (copied != read || !Reading(() => SourceFolder.List(sourceDirectory, isSource: true)).Names.SequenceEqual(files.Names))
        {
            return null;
        }

        var output = await BuildAsync(project, kind, sourceDirectory, build, cancellationToken).ConfigureAwait(false);
        var temporary = staged.CreateTemporaryDirectory(project);
        try
        {
            await SourceFolder.List(output).CopyAsync(temporary, cancellationToken).ConfigureAwait(false);
            return await AddAsync(project, sourceDirectory, temporary, fingerprint, source, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            staged.Discard(temporary);
        }
    }

    // What the SDK's tools report of a full disk is no fault of the project's. They write packages and temporary files elsewhere too.
    private async Task<string> BuildAsync(
        string project, SourceKind kind, string sourceDirectory, BuildDirectory build, CancellationToken cancellationToken)
    {
        try
        {
            return await builder.BuildAsync(project, kind, sourceDirectory, build, cancellationToken).ConfigureAwait(false);
        }
        catch (DeploymentException failed) when (StorageFullException.IsReportedIn(failed.Message))
        {
            throw new StorageFullException(StorageProbe.HasRoom(build.Path) ? "the host" : "DATA_DIR", failed);
        }
    }

    private async Task<Deployment?> FindNewestAsync(string project, string fingerprint, CancellationToken cancellationToken) =>
        await staged.FindNewestAsync(project, cancellationToken).ConfigureAwait(false) is { } newest && newest.Manifest.Fingerprint == fingerprint
            ? newest
            : null;

    private async Task<Deployment> AddAsync(
        string project, string sourceDirectory, string temporary, string fingerprint, string source, CancellationToken cancellationToken)
    {
        var described = new DeploymentManifest(Version: 0, time.GetUtcNow(), fingerprint, inspector.Inspect(temporary), Functions: null, source);
        var deployment = await staged.AddAsync(project, temporary, described, cancellationToken).ConfigureAwait(false);
        LogStaged(project, deployment.Version, sourceDirectory);
        return deployment;
    }

    private string FingerprintOfSource(string read) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{read} {builder.InputKey}")));

    private static async Task<string> CopyAsync(SourceFolder files, string destination, CancellationToken cancellationToken)
    {
        try
        {
            return await files.CopyAsync(destination, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SourceReadException(exception);
        }
    }

    private static T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SourceReadException(exception);
        }
    }

    private static async Task<T> ReadingAsync<T>(Task<T> reading)
    {
        try
        {
            return await reading.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SourceReadException(exception);
        }
    }
}
