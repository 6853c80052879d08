using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace CloudFunction.ProcessTests.Harness;

/// <summary>One small published project in as many versions as a test likes, each compiled within milliseconds. What its functions do:
/// <c>version</c> says the version's number, and fails where the code and the files beside it are not of one version; <c>hold</c> writes the marker
/// <c>id.started</c>, for the id in its payload, and says the number once there is a file <c>id.release</c>; <c>env</c> says an environment variable;
/// <c>pid</c> says which process runs it; <c>exit</c> ends that. FAIL_STARTUP in the environment keeps it from loading.</summary>
internal static class ShopProject
{
    private const string Startup = """
        public sealed class Startup : IFunctionStartup
        {
            public void ConfigureServices(
                Microsoft.Extensions.DependencyInjection.IServiceCollection services,
                Microsoft.Extensions.Configuration.IConfiguration configuration)
            {
                if (configuration["FAIL_STARTUP"] is { } reason)
                {
                    throw new InvalidOperationException(reason);
                }
            }
        }
        """;

    private const string Functions = """
        [Function("version")]
        public sealed class VersionFunction : IFunction
        {
            public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
            {
                var files = int.Parse(System.IO.File.ReadAllText(System.IO.Path.Combine(AppContext.BaseDirectory, "number.txt")));
                return files == NUMBER ? new(NUMBER) : throw new InvalidOperationException($"The code is of NUMBER and its files are of {files}.");
            }
        }

        [Function("hold")]
        public sealed class Hold : IFunction
        {
            public async ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
            {
                var id = System.IO.Path.Combine(context.DataDirectory, payload.GetString()!);
                System.IO.File.WriteAllText(id + ".new", Environment.ProcessId.ToString());
                System.IO.File.Move(id + ".new", id + ".started");
                while (!System.IO.File.Exists(id + ".release"))
                {
                    await Task.Delay(10, cancellationToken);
                }

                return NUMBER;
            }
        }

        [Function("env")]
        public sealed class Env : IFunction
        {
            public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) =>
                new(Environment.GetEnvironmentVariable(payload.GetString()!));
        }

        [Function("pid")]
        public sealed class Pid : IFunction
        {
            public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) =>
                new(Environment.ProcessId);
        }

        [Function("exit")]
        public sealed class Exit : IFunction
        {
            public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
            {
                Environment.Exit(payload.GetInt32());
                return default;
            }
        }
        """;

    private static readonly ConcurrentDictionary<string, byte[]> Compiled = new(StringComparer.Ordinal);

    /// <summary>The files of a version.</summary>
    /// <param name="number">What it says of itself.</param>
    /// <param name="more">More code.</param>
    public static IReadOnlyDictionary<string, byte[]> Version(int number, string more = "") =>
        Files(Functions.Replace("NUMBER", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) + Startup + more, number);

    /// <summary>The files of a project with that code alone.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files(string source, int number = 0) => new Dictionary<string, byte[]>(StringComparer.Ordinal)
    {
        ["Shop.dll"] = Compiled.GetOrAdd(source, static code => CompiledProject.Compile("Shop", code)),
        ["Shop.deps.json"] = Encoding.UTF8.GetBytes(CompiledProject.Dependencies),
        ["number.txt"] = Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)),
    };

    /// <summary>Makes a folder hold those files, and no others but its <c>.env</c>.</summary>
    public static void Write(string folder, IReadOnlyDictionary<string, byte[]> files)
    {
        Directory.CreateDirectory(folder);
        foreach (var other in Directory.GetFiles(folder)
            .Where(path => Path.GetFileName(path) is var name && name != ".env" && !files.ContainsKey(name)))
        {
            File.Delete(other);
        }

        foreach (var (name, content) in files)
        {
            File.WriteAllBytes(Path.Combine(folder, name), content);
        }
    }

    /// <summary>An archive of those files.</summary>
    public static byte[] Zip(IReadOnlyDictionary<string, byte[]> files)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }
}
