using System.Diagnostics;

namespace CloudFunction.AspNetCore.Tests.Tls;

/// <summary>Keys and certificates, made by openssl in a folder that ends with the test.</summary>
internal sealed class Pem : IDisposable
{
    private int _files;

    public string Folder { get; } = Directory.CreateTempSubdirectory("cf-tls-").FullName;

    public static bool HasOpenSsl { get; } =
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, "openssl")));

    /// <summary>Skips the test where there is no openssl.</summary>
    public static void RequireOpenSsl() => Skip.IfNot(HasOpenSsl, "There is no openssl on the PATH: install the package openssl.");

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Read(string name) => File.ReadAllText(PathOf(name));

    public void Write(string name, string text) => File.WriteAllText(PathOf(name), text);

    /// <summary>A new key (<c>name.key</c>) with a certificate (<c>name.crt</c>), by itself or by an authority made before.</summary>
    public Pem Make(
        string name,
        string? authority = null,
        bool isAuthority = false,
        string usage = "",
        int days = 30,
        string algorithm = "EC -pkeyopt ec_paramgen_curve:P-256")
    {
        Run($"genpkey -algorithm {algorithm} -out {name}.key");
        Run($"req -new -key {name}.key -subj /CN={name} -out {name}.csr");
        var extensions = isAuthority
            ? "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\n"
            : "basicConstraints=critical,CA:false\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n";
        Write($"{name}.ext", extensions + (usage.Length > 0 ? $"extendedKeyUsage={usage}\n" : ""));
        var by = authority is null ? $"-key {name}.key" : $"-CA {authority}.crt -CAkey {authority}.key";

        // Each has a number of its own, as those of a real authority.
        Run($"x509 -req -in {name}.csr {by.Replace("-key", "-signkey", StringComparison.Ordinal)} -set_serial {++_files} -days {days} -extfile "
            + $"{name}.ext -out {name}.crt");
        return this;
    }

    /// <summary>Runs openssl in the folder.</summary>
    public void Run(string arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("openssl", arguments) { WorkingDirectory = Folder, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"openssl {arguments}: {error}");
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
