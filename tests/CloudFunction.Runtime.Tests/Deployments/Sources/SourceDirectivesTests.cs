using CloudFunction.Runtime.Deployments.Sources;

namespace CloudFunction.Runtime.Tests.Deployments.Sources;

public sealed class SourceDirectivesTests
{
    private readonly List<string> _errors = [];

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
        Assert.Empty(_errors);
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
            [$"hello.cs:2: '#:{shown}' is not known here; allowed are '#:package Name@Version', the version optional, and '#:property Name=Value'."],
            _errors);
    }

    [Fact]
    public void Read_LineWithinAComment_SaysNothing() => Assert.Empty(Read("/*\n#:package A@1\n*/\nclass C;").Packages);

    private SourceDirectives Read(string text) => SourceDirectives.Read(text, "hello.cs", _errors);
}
