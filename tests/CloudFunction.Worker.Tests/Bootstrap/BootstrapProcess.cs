using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace CloudFunction.Worker.Tests.Bootstrap;

/// <summary>The real bootstrap with a core and a deployment that a test has compiled, in folders as a host lays them out.</summary>
internal sealed class BootstrapProcess : IDisposable
{
    private static readonly string Built = typeof(BootstrapProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(
        a => a.Key == "BootstrapDirectory").Value!;

    private readonly string _root = Directory.CreateTempSubdirectory("cloudfunction-").FullName;

    public BootstrapProcess()
    {
        Directory.CreateDirectory(Worker);
        Directory.CreateDirectory(Core);
        Directory.CreateDirectory(Deployment);
        foreach (var file in Directory.EnumerateFiles(Built, "CloudFunction.Worker.Bootstrap.*"))
        {
            File.Copy(file, Path.Combine(Worker, Path.GetFileName(file)));
        }
    }

    public string Worker => Path.Combine(_root, "worker");

    public string Core => Path.Combine(Worker, "core");

    public string Deployment => Path.Combine(_root, "deployment");

    /// <summary>The handshake of a standby worker.</summary>
    public static string Standby => "socket=/tmp/s=1\nworker=w1\nsecret=abc\n\n";

    /// <summary>The handshake of a process for the one deployment.</summary>
    public string OfItsOwn => $"socket=s\nworker=w1\nsecret=abc\ndeployment={Deployment}\nentry=Shop.dll\n\n";

    /// <summary>A core whose <c>Run</c> has this body; it may use <c>socket</c>, <c>worker</c>, <c>secret</c>, <c>load</c> and
    /// <c>deployment</c> (the folder's path).</summary>
    public void WriteCore(string body, string[]? references = null, string members = "") => Write(Core, "CloudFunction.Worker", $$"""
        namespace CloudFunction.Worker.Session
        {
            internal static class WorkerProgram
            {
                public static int Run(string socket, string worker, string secret, Func<string, string, System.Reflection.Assembly> load)
                {
                    var deployment = {{JsonSerializer.Serialize(Deployment)}};
                    {{body}}
                    return 0;
                }
                {{members}}
            }
        }
        """, references ?? []);

    /// <summary>An entry assembly <c>Shop.dll</c> with a static method <c>Shop.Run</c> that returns text.</summary>
    public void WriteEntry(string expression, params string[] references) =>
        Write(Deployment, "Shop", $$"""public static class Shop { public static string? Run() => {{expression}}; }""", references);

    /// <summary>A library <c>name.dll</c> whose class <c>T</c> tells its assembly's version.</summary>
    public static string WriteLibrary(string directory, string name, string version) => Write(
        directory,
        name,
        $$"""[assembly: System.Reflection.AssemblyVersion("{{version}}")] namespace Lib { public static class T { public static string Version => """
        + """typeof(T).Assembly.GetName().Version + " " + """
        + $$"""System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(typeof(T).Assembly.Location)); } }""",
        []);

    public static string Write(string directory, string name, string source, params string[] references)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, name + ".dll");
        File.WriteAllBytes(path, Compiler.Compile(name, source, references));
        return path;
    }

    /// <summary>Starts the process without waiting for anything.</summary>
    public Process Start(params string[] hostArguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _root,
        };
        start.ArgumentList.Add("exec");
        foreach (var argument in hostArguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.ArgumentList.Add(Path.Combine(Worker, "CloudFunction.Worker.Bootstrap.dll"));
        return Process.Start(start)!;
    }

    /// <summary>Runs the process to its end.</summary>
    public async Task<Ended> RunAsync(string handshake, params string[] hostArguments)
    {
        using var process = Start(hostArguments);
        try
        {
            await process.StandardInput.WriteAsync(handshake);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended before it read anything; how is told below.
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new Ended(process.ExitCode, (await output).Trim(), (await error).Trim());
        }
        finally
        {
            process.Kill();
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    internal sealed record Ended(int ExitCode, string Output, string Error)
    {
        /// <summary>What it printed, or a failed test.</summary>
        public string Printed
        {
            get
            {
                Assert.Equal((0, string.Empty), (ExitCode, Error));
                return Output;
            }
        }

        /// <summary>The one line for which it did not start, or a failed test.</summary>
        public string Refusal
        {
            get
            {
                Assert.Equal(70, ExitCode);
                return Assert.Single(Error.Split('\n'));
            }
        }
    }
}
