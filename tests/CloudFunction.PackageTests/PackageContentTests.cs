using System.IO.Compression;
using System.Xml.Linq;

namespace CloudFunction.PackageTests;

/// <summary>What is in the packages.</summary>
[Collection(PackedOnce.Name)]
public sealed class PackageContentTests(PackedPackages packages)
{
    private const string Templates = "CloudFunction.Templates";

    private static readonly string[] All =
    [
        "CloudFunction.Abstractions", "CloudFunction.AspNetCore", "CloudFunction.Data", "CloudFunction.Data.EntityFrameworkCore", "CloudFunction.Llm",
        "CloudFunction.Protocol", "CloudFunction.Runtime",
        "CloudFunction.Testing", Templates,
    ];

    public static TheoryData<string> Names() => [.. All];

    [Fact]
    public void Feed_HasThesePackagesAndTheirSymbolsAndNoOthers()
    {
        var expected = All.Select(name => $"{name}.{Built.Version}.nupkg")
            .Concat(All.Except([Templates]).Select(name => $"{name}.{Built.Version}.snupkg"));

        Assert.Equal(
            expected.Order(StringComparer.Ordinal), Directory.EnumerateFiles(packages.Feed).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Package_SaysWhatItIsAndNamesNoMachine(string name)
    {
        using var package = Open(name);
        var specification = XDocument.Load(package.GetEntry($"{name}.nuspec")!.Open());
        var metadata = specification.Root!.Elements().Single().Elements().ToLookup(element => element.Name.LocalName, element => element);

        Assert.Equal((name, Built.Version), (metadata["id"].Single().Value, metadata["version"].Single().Value));
        Assert.Equal("MIT", metadata["license"].Single().Value);
        Assert.NotEqual("Package Description", metadata["description"].Single().Value);
        string[] files = [metadata["readme"].Single().Value, metadata["icon"].Single().Value];
        foreach (var file in name == Templates ? files : [.. files, $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml"])
        {
            Assert.NotNull(package.GetEntry(file));
        }

        Assert.DoesNotContain(Built.RepositoryRoot.TrimEnd('/', '\\'), specification.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Runtime_CarriesTheWorkerWithAllThatItNeeds()
    {
        using var package = Open("CloudFunction.Runtime");
        var files = package.Entries.Select(entry => entry.FullName).ToList();

        foreach (var file in new[]
        {
            "buildTransitive/CloudFunction.Runtime.targets", "buildTransitive/SelfContainedWorker.targets",
            "tools/worker/CloudFunction.Worker.Bootstrap.dll", "tools/worker/CloudFunction.Worker.Bootstrap.runtimeconfig.json",
            "tools/worker/core/CloudFunction.Worker.dll", "tools/worker/core/CloudFunction.Protocol.dll",
            "tools/worker/core/CloudFunction.Abstractions.dll", "tools/worker/core/Microsoft.Extensions.DependencyInjection.dll",
        })
        {
            Assert.Contains(file, files);
        }
    }

    [Fact]
    public void Testing_CarriesTheWorkersCore()
    {
        using var package = Open("CloudFunction.Testing");
        var dependencies = XDocument.Load(package.GetEntry("CloudFunction.Testing.nuspec")!.Open())
            .Descendants()
            .Where(element => element.Name.LocalName == "dependency");

        Assert.NotNull(package.GetEntry("lib/net10.0/CloudFunction.Worker.dll"));
        Assert.DoesNotContain("CloudFunction.Worker", dependencies.Select(dependency => (string?)dependency.Attribute("id")));
    }

    private ZipArchive Open(string name) => ZipFile.OpenRead(Path.Combine(packages.Feed, $"{name}.{Built.Version}.nupkg"));
}
