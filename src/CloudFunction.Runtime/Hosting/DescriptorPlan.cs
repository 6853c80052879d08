using System.Globalization;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Hosting;

/// <summary>
/// What the process's file descriptors are for, decided once at start: of those that it may open, the runtime, workers, builds and the store come
/// first, and connections get what is left. At the limit nothing goes on: .NET opens a pipe for each thread that it starts, and ends the process with
/// "Out of memory." where it gets none.
/// </summary>
/// <param name="Limit">How many descriptors the process may open; null where there is no limit.</param>
/// <param name="Connections">How many connections the server may have open, MAX_CONNECTIONS at most.</param>
/// <param name="Waiting">How many calls of one project may wait, MAX_QUEUE at most: each holds a connection, which others need.</param>
/// <param name="BodyFiles">How many files may hold bodies that are too large for memory.</param>
/// <param name="LogFiles">How many log files are kept open.</param>
/// <param name="Needed">How many descriptors the host needs to start.</param>
internal sealed record DescriptorPlan(int? Limit, int Connections, int Waiting, int BodyFiles, int LogFiles, int Needed)
{
    /// <summary>MAX_CONNECTIONS where it is not set.</summary>
    public const int DefaultConnections = 20_000;

    /// <summary>No host starts with fewer.</summary>
    public const int MinLimit = 256;

    /// <summary>The last descriptors, which no connection may take whatever else was planned: threads, worker starts and copies of files need some in
    /// passing.</summary>
    public const int Spare = 48;

    private const int MaxBodyFiles = 1024;
    private const int MaxLogFiles = 256;

    // With fewer the host would answer hardly anybody.
    private const int MinConnections = 16;
    private const int MinBodyFiles = 16;
    private const int MinLogFiles = 16;

    // .NET keeps two descriptors of every assembly that it has loaded: of about 115 in a host that has answered a call, and some more once TLS,
    // uploads and callbacks were used. Two thirds are loaded, and so counted as open, by the time of the plan.
    private const int LoadedLater = 96;

    // Its socket, and the pipes of its standard output and error.
    private const int PerWorker = 3;

    // Of projects that come later, or run twice while they are deployed.
    private const int MoreProjects = 2;

    // A writer and four readers of the task store, each with the database, its log and its index.
    private const int Store = 16;

    // Pieces of stored values that are read at one time.
    private const int ValueReads = Tasks.Storage.ValueReads.AtOnce;

    // As many as run at once. Connections that are kept for the next ones come out of the spare ones.
    private const int Callbacks = 16;

    // The pipes of a build, and of the start of its process.
    private const int PerBuild = 8;

    // Three files of each project, as the default logging has them.
    private const int LogFilesPerProject = 3;

    /// <summary>The plan for this process.</summary>
    public static DescriptorPlan Make(CloudFunctionOptions options) =>
        Make(options, DescriptorLimit.Read(), DescriptorLimit.CountOpen(), CountProjects(options.ProjectsDirectory), Environment.ProcessorCount);

    /// <summary>The plan for a process.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="limit">How many descriptors it may open; null for no limit.</param>
    /// <param name="open">How many it has open.</param>
    /// <param name="projects">How many projects it will start.</param>
    /// <param name="processors">How many processors it has.</param>
    public static DescriptorPlan Make(CloudFunctionOptions options, int? limit, int open, int projects, int processors)
    {
        var wanted = options.MaxConnections ?? DefaultConnections;
        if (limit is not { } descriptors)
        {
            return new DescriptorPlan(null, wanted, WaitingOf(options, wanted), MaxBodyFiles, MaxLogFiles, 0);
        }

        var logFiles = Math.Clamp(LogFilesPerProject * (projects + MoreProjects), MinLogFiles, MaxLogFiles);
        var workers = (options.Workers * (long)(projects + MoreProjects)) + options.StandbyWorkers + 1;
        var taken = open + LoadedLater + (workers * PerWorker) + Store + ValueReads + Callbacks + (Math.Max(1, processors / 2) * PerBuild) + logFiles
            + Spare;
        var needed = (int)Math.Min(Math.Max(MinLimit, taken + MinBodyFiles + Math.Min(wanted, MinConnections)), int.MaxValue);
        var left = Math.Max(0, descriptors - taken);
        var bodyFiles = (int)Math.Clamp(Math.Min(descriptors / 8, left / 4), MinBodyFiles, MaxBodyFiles);
        var connections = (int)Math.Clamp(left - bodyFiles, 1, wanted);
        return new DescriptorPlan(limit, connections, WaitingOf(options, connections), bodyFiles, logFiles, needed);
    }

    // With what runs at once, a project then leaves others' clients most of the connections.
    private static int WaitingOf(CloudFunctionOptions options, int connections) => Math.Min(options.MaxQueue, Math.Max(1, connections / 4));

    /// <summary>Checks that the limit suffices.</summary>
    /// <exception cref="SettingsException">It does not; the one line names what would.</exception>
    public void Check()
    {
        if (Limit < Needed)
        {
            throw new SettingsException([string.Create(
                CultureInfo.InvariantCulture,
                $"This process may open {Limit} file descriptors, and the host needs at least {Needed} for its runtime, "
                + $"its projects' workers and {MinConnections} connections: raise the limit (ulimit -n, LimitNOFILE= of a systemd unit, "
                + $"--ulimit nofile= of a container), to 65536 for example.")]);
        }
    }

    private static int CountProjects(string directory)
    {
        try
        {
            return Directory.EnumerateDirectories(directory).Count();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0; // Not made yet; whether it can be used is checked elsewhere.
        }
    }
}
