using System.Globalization;

namespace CloudFunction.ProcessTests.Harness;

/// <summary>A host's folder, with its projects and all that it makes. Hosts may follow one another on it.</summary>
internal sealed class ContentRoot : IDisposable
{
    // What tests look for is in the host's output, the projects' records among it.
    private const string AllOnTheConsole = """
        version: 1
        formatters: {standard: {format: '%(asctime)s [%(levelname)s] %(name)s: %(message)s'}}
        handlers: {console: {class: logging.StreamHandler, formatter: standard, stream: ext://sys.stdout}}
        root: {level: INFO, handlers: [console]}
        """;

    public ContentRoot()
    {
        Directory.CreateDirectory(ProjectsDirectory);
        WithLogging(AllOnTheConsole);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("cloudfunction-tests-").FullName;

    public string ProjectsDirectory => Path.Combine(Root, "projects");

    public string LoggingFile => Path.Combine(Root, "config", "logging_config.yaml");

    public string DataDirectory => Path.Combine(Root, "data");

    /// <summary>Where the hosts' socket is, by their own record; null where no host runs or ran.</summary>
    public string? SocketDirectory
    {
        get
        {
            var record = Path.Combine(DataDirectory, "run", "socket-directory");
            return File.Exists(record) ? File.ReadAllText(record) : null;
        }
    }

    /// <summary>The process ids of the workers that a host has recorded and not seen end.</summary>
    public IReadOnlyList<int> RecordedWorkers
    {
        get
        {
            var ledger = Path.Combine(DataDirectory, "run", "workers");
            return Directory.Exists(ledger)
                ? [.. Directory.GetFiles(ledger).Select(f => int.TryParse(Path.GetFileName(f), out var pid) ? pid : 0).Where(pid => pid > 0)]
                : [];
        }
    }

    /// <summary>Puts a published project into <c>projects/</c>.</summary>
    /// <param name="name">The project's name.</param>
    /// <param name="fixture">What is published there, see <see cref="Built.Project"/>.</param>
    /// <param name="environment">Lines of its <c>.env</c>.</param>
    public ContentRoot With(string name, string fixture, params string[] environment)
    {
        var target = Directory.CreateDirectory(Path.Combine(ProjectsDirectory, name)).FullName;
        foreach (var file in Directory.GetFiles(Built.Project(fixture)))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        if (environment.Length > 0)
        {
            File.WriteAllLines(Path.Combine(target, ".env"), environment);
        }

        return this;
    }

    /// <summary>A project's folder.</summary>
    public string Folder(string project) => Path.Combine(ProjectsDirectory, project);

    /// <summary>Puts a <see cref="ShopProject"/> into <c>projects/</c>.</summary>
    /// <param name="name">The project's name.</param>
    /// <param name="number">Its version's number.</param>
    /// <param name="environment">Lines of its <c>.env</c>.</param>
    public ContentRoot WithShop(string name, int number, params string[] environment)
    {
        ShopProject.Write(Folder(name), ShopProject.Version(number));
        if (environment.Length > 0)
        {
            File.WriteAllLines(Path.Combine(Folder(name), ".env"), environment);
        }

        return this;
    }

    /// <summary>Lets a call of <c>hold</c> end.</summary>
    public void Release(string project, string id) => File.WriteAllText(Marker(project, id + ".release"), "");

    /// <summary>Where a project's log files are.</summary>
    public string LogDirectory(string project) => Path.Combine(Root, "logs", "projects", project);

    /// <summary>The lines of a log file and of those that it was before, the oldest first.</summary>
    public IEnumerable<string> LogLines(string project, string file) =>
        Directory.GetFiles(LogDirectory(project), file + "*")
            .OrderByDescending(path => int.TryParse(Path.GetExtension(path).TrimStart('.'), CultureInfo.InvariantCulture, out var number)
                ? number
                : 0)
            .SelectMany(File.ReadLines);

    /// <summary>Replaces the logging file; null: there is none, and the default holds.</summary>
    public ContentRoot WithLogging(string? yaml)
    {
        if (yaml is null)
        {
            File.Delete(LoggingFile);
            return this;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(LoggingFile)!);
        File.WriteAllText(LoggingFile, yaml);
        return this;
    }

    /// <summary>What a log file holds so far, below <c>logs/</c>; empty where there is none yet.</summary>
    public string Log(params string[] path)
    {
        try
        {
            using var reader = new StreamReader(new FileStream(
                Path.Combine([Root, "logs", .. path]), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
    }

    /// <summary>The path of a marker that a function of that project writes.</summary>
    public string Marker(string project, string name) => Path.Combine(DataDirectory, "projects", project, name);

    /// <summary>Waits until a function has written a marker.</summary>
    /// <returns>What it holds.</returns>
    public async Task<string> WaitForMarkerAsync(string project, string name, double seconds = 15)
    {
        var path = Marker(project, name);
        await Eventually.BecomesAsync(
            () => File.Exists(path), TimeSpan.FromSeconds(seconds), () => $"The function of project {project} did not write its marker {name}.");
        return await File.ReadAllTextAsync(path);
    }

    /// <summary>Waits until a function has written a marker with a number, which is a process id mostly.</summary>
    public async Task<int> WaitForNumberAsync(string project, string name, double seconds = 15) =>
        int.Parse(await WaitForMarkerAsync(project, name, seconds), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        // Hosts are killed at the end of a test, and none follows that would clear this away.
        if (SocketDirectory is { } sockets && Directory.Exists(sockets))
        {
            Directory.Delete(sockets, recursive: true);
        }

        Directory.Delete(Root, recursive: true);
    }
}
