using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments.Sources;

namespace CloudFunction.Runtime.Tests.Deployments.Sources;

public sealed class SourceDirectivesTests
{
    private readonly BoundedLines _errors = new();

    [Fact]
    public void Read_PackagesAndProperties_AreFoundBeforeTheCode()
    {
        var read = Read("""
            #!/usr/bin/env dotnet
            // What it needs:
            #:package Humanizer.Core@2.14.1
            /* all
               of */ #nullable disable
            #:package Dapper
            #:property LangVersion=preview

            using System;
            #:package TooLate@1.0
            """);

        Assert.Equal(["Humanizer.Core==2.14.1 2.14.1 hello.cs:3", "Dapper * hello.cs:6"], read.Packages.Select(p => $"{p.Text} {p.Range} {p.Where}"));
        Assert.Equal(["LangVersion=preview hello.cs:7"], read.Properties.Select(p => $"{p.Name}={p.Value} {p.Where}"));
        Assert.False(_errors.Any);
    }

    [Theory]
    [InlineData("#:sdk Microsoft.NET.Sdk.Web", "sdk Microsoft.NET.Sdk.Web")]
    [InlineData("#:project ../Lib", "project ../Lib")]
    [InlineData("#:package", "package")]
    [InlineData("#:property Name", "property Name")]
    public void Read_OtherLine_IsAnErrorWithItsPlace(string line, string shown)
    {
        Read("\n" + line);

        Assert.Equal(
            [$"hello.cs:2: '#:{shown}' cannot be read; allowed are '#:package Name@Version', the version optional, and '#:property Name=Value'."],
            _errors.Shown);
    }

    [Fact]
    public void Read_LineWithinAComment_SaysNothing() => Assert.Empty(Read("/*\n#:package A@1\n*/\nclass C;").Packages);

    private SourceDirectives Read(string text) => SourceDirectives.Read(text, "hello.cs", _errors);

    [Theory]
    [InlineData("#:package A", " ", "!")]
    [InlineData("#:package A@", " ", "!")]
    [InlineData("#:package A@1", " ", "!")]
    [InlineData("#:package ", "A", "!")]
    [InlineData("#:property ", " ", "!")]
    [InlineData("#:property A", " ", "!")]
    [InlineData("#:", " ", "!")]
    public async Task Read_LineOfRepetitions_IsAnErrorAtOnce(string start, string piece, string end)
    {
        foreach (var count in (int[])[50, 4000, 1_000_000])
        {
            await Hostile.ReadAsync(() => Read($"{start}{string.Concat(Enumerable.Repeat(piece, count))}{end}"));
        }

        Assert.Equal(3, _errors.Shown.Count);
        Assert.All(_errors.Shown, error => Assert.InRange(error.Length, 1, 5000));
    }

    [Fact]
    public void Read_LongLine_NamesItsLength()
    {
        Read($"#:property A={new string('x', 5000)}");

        Assert.Equal(["hello.cs:1: the line has 5011 characters; at most 4096 are allowed."], _errors.Shown);
    }

    [Theory]
    [InlineData("#:package A@1\n")]
    [InlineData("#:property A=1\n")]
    public void Read_TooManyLines_StopsAtTheirBound(string line)
    {
        var read = Read(string.Concat(Enumerable.Repeat(line, 50_000)));

        Assert.Equal(10_000, read.Packages.Count + read.Properties.Count);
        Assert.StartsWith("hello.cs:10001: this line is one too many", Assert.Single(_errors.Shown), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/**/")]
    [InlineData("/* ")]
    [InlineData("*/")]
    [InlineData("// \n")]
    [InlineData("/* \n")]
    [InlineData("\n")]
    public async Task Read_ManyComments_AreReadOnce(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 1_000_000));

        Assert.Empty((await Hostile.ReadAsync(() => Read(text))).Packages);
    }

    [Fact]
    public void Read_AnyLine_IsTakenOrRefusedAsByTheExpressions()
    {
        var package = Hostile.Oracle(@"\Apackage\s+(?<name>[A-Za-z0-9_][A-Za-z0-9_.-]{0,99})\s*(?:@\s*(?<version>[0-9A-Za-z.*+\[\](), -]+?))?\s*\z");
        var property = Hostile.Oracle(@"\Aproperty\s+(?<name>[A-Za-z_][A-Za-z0-9_]*)\s*=(?<value>.*)\z");
        foreach (var text in Hostile.Texts(4, ["A", "b_1", ".", "-", "@", "1.2", "*", "[", ",", " ", "\t", "=", "!", "é"]))
        {
            foreach (var word in (string[])["package ", "package", "property\t", "property"])
            {
                var line = (word + text).Trim();
                var expected = package.Match(line) is { Success: true } p ? $"{p.Groups["name"].Value}@{p.Groups["version"].Value}"
                    : property.Match(line) is { Success: true } q ? $"{q.Groups["name"].Value}={q.Groups["value"].Value.Trim()}"
                    : "";
                var read = Read("#:" + line);
                var actual = read.Packages is [var named] ? $"{named.Name}@{(named.Range == "*" && !line.EndsWith('*') ? "" : named.Range)}"
                    : read.Properties is [var set] ? $"{set.Name}={set.Value}"
                    : "";
                Assert.True(expected == actual, $"'{line}': '{expected}' and '{actual}'");
            }
        }
    }
}
