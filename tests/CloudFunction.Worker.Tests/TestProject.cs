using System.Buffers;
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using CloudFunction.Worker.Functions;
using CloudFunction.Worker.Loading;

namespace CloudFunction.Worker.Tests;

/// <summary>A project that was compiled from source and loaded into this process.</summary>
internal sealed class TestProject : IAsyncDisposable
{
    /// <summary>The deadline of every invocation.</summary>
    public static readonly DateTimeOffset Deadline = new(2031, 5, 6, 7, 8, 9, TimeSpan.Zero);

    // In the project's source: Seen.Events.Enqueue("…").
    private const string Prelude = """
        public static class Seen
        {
            public static readonly System.Collections.Concurrent.ConcurrentQueue<string> Events = new();
        }

        """;

    private readonly Assembly _assembly;
    private readonly string _directory;

    private TestProject(Assembly assembly, string directory, RecordingLoggerProvider logs, LoadedProject loaded)
    {
        _assembly = assembly;
        _directory = directory;
        Logs = logs;
        Loaded = loaded;
    }

    public LoadedProject Loaded { get; }

    public RecordingLoggerProvider Logs { get; }

    public string DataDirectory => Path.Combine(_directory, "data");

    /// <summary>What the project's code has put into <c>Seen.Events</c>.</summary>
    public ConcurrentQueue<string> Events => (ConcurrentQueue<string>)_assembly.GetType("Seen")!.GetField("Events")!.GetValue(null)!;

    public static TestProject Load(string source, string? appSettings = null)
    {
        var directory = Directory.CreateTempSubdirectory("cloudfunction-").FullName;
        if (appSettings is not null)
        {
            File.WriteAllText(Path.Combine(directory, "appsettings.json"), appSettings);
        }

        var assembly = Assemble(source);
        var logs = new RecordingLoggerProvider();
        try
        {
            var settings = new ProjectSettings("shop", 7, directory, Path.Combine(directory, "data"));
            return new TestProject(assembly, directory, logs, ProjectLoader.Load(assembly, settings, logs));
        }
        catch
        {
            Directory.Delete(directory, recursive: true);
            throw;
        }
    }

    /// <summary>Compiles and loads an assembly, without looking at it.</summary>
    public static Assembly Assemble(string source)
    {
        // Collectible, so that a test run does not keep every project that it has ever compiled.
        var context = new AssemblyLoadContext("test project", isCollectible: true);
        return context.LoadFromStream(new MemoryStream(Compiler.Compile("Shop", source + Environment.NewLine + Prelude)));
    }

    /// <summary>The problems for which the project is refused.</summary>
    public static IReadOnlyList<string> Refuse(string source, string? appSettings = null) =>
        Assert.Throws<ProjectLoadException>(() => Load(source, appSettings)).Problems;

    public FunctionInvoker Invoker(string function) => Loaded.Functions.Single(f => f.Descriptor.Name == function);

    /// <summary>Invokes with a body of one segment, or an empty one for <see langword="null"/>.</summary>
    public Task<Outcome> InvokeAsync(string function, string? json = null, CancellationToken cancellationToken = default) =>
        InvokeAsync(function, json is null ? default : new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)), Metadata(1), cancellationToken);

    public async Task<Outcome> InvokeAsync(
        string function, ReadOnlySequence<byte> payload, InvocationMetadata metadata, CancellationToken cancellationToken = default)
    {
        var output = new ArrayBufferWriter<byte>();
        var failure = await Invoker(function).InvokeAsync(metadata, payload, output, cancellationToken);
        return new Outcome(failure, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    public static InvocationMetadata Metadata(UInt128 id) => new(id, 1, Deadline, null);

    public async ValueTask DisposeAsync()
    {
        await Loaded.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>How an invocation ended.</summary>
    internal sealed record Outcome(InvocationFailure? Failure, string Output)
    {
        /// <summary>The result's JSON, or a failed test.</summary>
        public string Result
        {
            get
            {
                Assert.Null(Failure);
                return Output;
            }
        }

        /// <summary>The failure, or a failed test.</summary>
        public InvocationFailure Failed(FailureKind kind)
        {
            Assert.NotNull(Failure);
            Assert.Equal(kind, Failure.Kind);
            return Failure;
        }
    }
}
