using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CloudFunction.PackageTests;

/// <summary>From nothing to an answer by <c>dotnet new</c>, with the packed packages alone.</summary>
[Collection(PackedOnce.Name)]
public sealed class TemplateTests(PackedPackages packages)
{
    [Fact]
    public async Task Host_AsItComes_AnswersFromAWorkerOnThisMachineAlone()
    {
        var folder = await NewAsync("as-it-comes", "cloudfunction-host", "-n", "My.Host");
        var host = Path.Combine(folder, "My.Host");
        await Dotnet.RunAsync(host, packages.Environment, "build", "-nologo", "-warnaserror");

        Assert.Equal(File.ReadAllText(Path.Combine(Built.RepositoryRoot, ".env.template")), File.ReadAllText(Path.Combine(host, ".env.template")));
        AssertWhole(host);
        var (running, address) = await RunningHost.StartAsync(OnAnyPort, "dotnet", host, "run", "--no-build");
        await using (running)
        {
            var result = await running.InvokeAsync(address, "hello/greet", new { name = "Ada" });

            Assert.Equal("Hello, Ada!", result.GetProperty("message").GetString());
            Assert.Equal("127.0.0.1", address.Host);
            Assert.NotEmpty((await RunningHost.WorkersAsync(address))["hello"]);
            Assert.DoesNotMatch("\\[(WARNING|ERROR)\\]", running.ToString()); // Of its settings and files, none is doubtful.

            // While projects/, data/ and deployments/ are full of code and JSON: none of it is the host's.
            await Dotnet.RunAsync(host, packages.Environment, "build", "-nologo", "-warnaserror", "-o", Path.Combine(folder, "again"));
            var published = Path.Combine(folder, "published");
            await Dotnet.RunAsync(host, packages.Environment, "publish", "-nologo", "-o", published);
            Assert.Equal(["config", "worker"], Directory.EnumerateDirectories(published)
                .Select(Path.GetFileName)
                .Where(name => name is "config" or "worker" or "projects" or "data" or "deployments" or "logs")
                .Order());
        }
    }

    [Fact]
    public async Task Host_WithEveryOption_AnswersOverTlsOnThatPort()
    {
        var port = Ports.Free();
        var folder = await NewAsync(
            "every-option", "cloudfunction-host", "-n", "secure-host", "--port", $"{port}", "--tls", "--sample", "--container");
        var host = Path.Combine(folder, "secure-host");
        WriteCertificate(Directory.CreateDirectory(Path.Combine(host, "certs")).FullName);
        await Dotnet.RunAsync(host, packages.Environment, "build", "-nologo", "-warnaserror");

        AssertWhole(host);
        Assert.Equal(
            [$"PORT={port}", "SSL_ENABLED=true", "SSL_KEYFILE=certs/server.key", "SSL_CERTFILE=certs/server.crt"],
            File.ReadAllLines(Path.Combine(host, ".env.template")).Except(File.ReadAllLines(Path.Combine(Built.RepositoryRoot, ".env.template"))));
        var (running, address) = await RunningHost.StartAsync(
            new Dictionary<string, string>(), "dotnet", host, Path.Combine("bin", "Debug", "net10.0", "secure-host.dll"));
        await using (running)
        {
            Assert.Equal(("https", port), (address.Scheme, address.Port));
            var result = await running.InvokeAsync(address, "hello/greet", new { name = "Ada" });

            Assert.Equal("Hello, Ada!", result.GetProperty("message").GetString());
            Assert.NotEqual(running.Pid, Assert.Single((await RunningHost.WorkersAsync(address))["hello"]));
            Assert.Contains(
                $" https://localhost:{port}/api/v1/functions/hello/greet/invoke ",
                File.ReadAllText(Path.Combine(host, "README.md")),
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Container_OfAHost_SpeaksTlsWhereTheHostDoesAndLeavesSecretsOut(bool tls)
    {
        var folder = await NewAsync($"container-{tls}", "cloudfunction-host", "-n", "boxed", "--port", "9191", "--container", "--tls", $"{tls}");
        var host = Path.Combine(folder, "boxed");
        AssertWhole(host);
        var lines = File.ReadAllLines(Path.Combine(host, "Containerfile"));

        Assert.Contains("ENV HOST=0.0.0.0 PORT=9191", lines);
        Assert.Contains("ENTRYPOINT [\"dotnet\", \"boxed.dll\"]", lines);
        Assert.Equal(
            tls ? ["ENV SSL_ENABLED=true SSL_KEYFILE=certs/server.key SSL_CERTFILE=certs/server.crt"] : [],
            lines.Where(line => line.Contains("SSL_", StringComparison.Ordinal)));
        var ignored = File.ReadAllLines(Path.Combine(host, ".dockerignore")); // The one name that every builder knows.
        Assert.All((string[])[".env", "certs/", "projects/"], line => Assert.Contains(line, ignored));
    }

    [Fact]
    public async Task Host_WithoutSampleAndContainer_HasNoFilesOfThem()
    {
        var folder = await NewAsync("bare", "cloudfunction-host", "-n", "Bare", "--sample", "false");
        var host = Path.Combine(folder, "Bare");

        AssertWhole(host);
        Assert.Equal([".gitkeep"], Directory.EnumerateFileSystemEntries(Path.Combine(host, "projects")).Select(Path.GetFileName));
        Assert.False(File.Exists(Path.Combine(host, "Containerfile")) || File.Exists(Path.Combine(host, ".dockerignore")));
        Assert.DoesNotContain("hello", File.ReadAllText(Path.Combine(host, "README.md")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MyFunctions", "my-functions")]
    [InlineData("HTTPThings", "http-things")]
    [InlineData("_my_functions", "my_functions")]
    [InlineData("2nd.Functions", "2nd-functions")]
    [InlineData("问候", "functions")]
    [InlineData(
        "Abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij", "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabc")]
    public async Task Project_OfThatName_IsPublishedUnderOneThatHostsTake(string name, string project)
    {
        var folder = await NewAsync($"named-{project}", "cloudfunction-project", "-n", name);
        var readme = File.ReadAllText(Path.Combine(folder, name, "README.md"));

        Assert.Contains($"-o <host>/projects/{project}\n", readme.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains($"/functions/{project}/greet/invoke ", readme, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("My.Functions", "my-functions")]
    [InlineData("my-functions2", "my-functions2")]
    public async Task Project_OfThatName_PassesItsTestsAndServes(string name, string project)
    {
        var folder = await NewAsync($"project-{project}", "cloudfunction-project", "-n", name);
        await Dotnet.RunAsync(folder, packages.Environment, "new", "cloudfunction-host", "-n", "TheHost", "--sample", "false");
        var root = Path.Combine(folder, name);
        AssertWhole(root);

        // Both ways, as its README says.
        await Dotnet.RunAsync(root, packages.Environment, "build", "-nologo", "-warnaserror");
        foreach (var isolation in (string[])["none", "process"])
        {
            var environment = new Dictionary<string, string>(packages.Environment) { ["CLOUDFUNCTION_TEST_ISOLATION"] = isolation };
            Assert.Contains("Passed:     3", await Dotnet.RunAsync(root, environment, "test", "--no-build", "-nologo"), StringComparison.Ordinal);
        }

        Assert.Contains($"-o <host>/projects/{project}", File.ReadAllText(Path.Combine(root, "README.md")), StringComparison.Ordinal);
        await Dotnet.RunAsync(
            root, packages.Environment, "publish", $"src/{name}", "-nologo", "-o", Path.Combine(folder, "TheHost", "projects", project));
        var (running, address) = await RunningHost.StartAsync(
            new Dictionary<string, string>(OnAnyPort) { ["NUGET_PACKAGES"] = packages.Environment["NUGET_PACKAGES"] }, "dotnet",
            Path.Combine(folder, "TheHost"), "run");
        await using (running)
        {
            var result = await running.InvokeAsync(address, $"{project}/greet", new { name = "Ada" });

            Assert.EndsWith(", Ada!", result.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    private static IReadOnlyDictionary<string, string> OnAnyPort { get; } = new Dictionary<string, string> { ["PORT"] = "0" };

    private async Task<string> NewAsync(string folder, params string[] arguments)
    {
        var path = packages.NewFolder(folder);
        await packages.InstallTemplatesAsync();
        await Dotnet.RunAsync(path, packages.Environment, ["new", .. arguments]);
        return path;
    }

    // Nothing of the template's own language is left.
    private static void AssertWhole(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => !file.Contains(
            $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}",
            StringComparison.Ordinal) && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        {
            var text = $"{Path.GetRelativePath(folder, file)}: {File.ReadAllText(file)}";
            foreach (var mark in (string[])[
                "#if", "#endif", "#else", "HostName1", "ProjectName1", "FunctionHost1", "FunctionProject1", "FunctionNamespace1",
                "function-project-1", "\"@",
            ])
            {
                Assert.DoesNotContain(mark, text, StringComparison.Ordinal);
            }
        }
    }

    private static void WriteCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Path.Combine(folder, "server.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "server.crt"), certificate.ExportCertificatePem());
    }
}
