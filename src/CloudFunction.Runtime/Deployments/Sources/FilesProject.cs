using System.Globalization;
using System.Security;
using System.Text;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>The project file for a folder of bare C# files.</summary>
/// <param name="AssemblyName">What the assembly is called.</param>
/// <param name="TargetFramework">Such as <c>net10.0</c>.</param>
/// <param name="Packages">Names and NuGet ranges.</param>
/// <param name="Properties">What <c>#:property</c> lines set.</param>
/// <param name="References">Assemblies of the worker's that every function compiles against.</param>
internal sealed record FilesProject(
    string AssemblyName,
    string TargetFramework,
    IReadOnlyList<KeyValuePair<string, string>> Packages,
    IReadOnlyList<SourceProperty> Properties,
    IReadOnlyList<string> References)
{
    /// <summary>The C# file that lets functions be found that are not public. A file of its own, since a project may have no
    /// assembly info made.</summary>
    public const string MarkerFile = "functions.marker.cs";

    /// <summary>What is in it.</summary>
    public const string Marker = "[assembly: System.Reflection.AssemblyMetadata(\"CloudFunction.NonPublicFunctions\", \"true\")]\n";

    /// <summary>The list of the C# files, which the project file imports: with another list it stays the same project.</summary>
    public const string SourcesFile = "functions.sources.props";

    // Characters that mean something to MSBuild in a file's name; '%' first, which the others are written with.
    private static readonly char[] Reserved = ['%', '$', '@', '(', ')', '\'', ';', '*', '?'];

    /// <summary>The file's text.</summary>
    public string Format()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>{TargetFramework}</TargetFramework>
                <AssemblyName>{Escape(AssemblyName)}</AssemblyName>
                <OutputType>Library</OutputType>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <LangVersion>latest</LangVersion>
                <Features>$(Features);FileBasedProgram</Features>
                <EnableDefaultItems>false</EnableDefaultItems>
                <GenerateRuntimeConfigurationFiles>true</GenerateRuntimeConfigurationFiles>
                <ProvideCommandLineArgs>true</ProvideCommandLineArgs>

            """);
        foreach (var property in Properties)
        {
            text.Append(CultureInfo.InvariantCulture, $"    <{property.Name}>{Escape(property.Value)}</{property.Name}>\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"""
              </PropertyGroup>
              <Import Project="{SourcesFile}" />
              <ItemGroup>
                <Using Include="CloudFunction" />
                <Compile Include="{MarkerFile}" />

            """);
        foreach (var (name, range) in Packages)
        {
            text.Append(CultureInfo.InvariantCulture, $"    <PackageReference Include=\"{Escape(name)}\" Version=\"{Escape(range)}\" />\n");
        }

        foreach (var reference in References)
        {
            text.Append(CultureInfo.InvariantCulture, $"    <Reference Include=\"{Escape(reference)}\" Private=\"false\" />\n");
        }

        return text.Append("  </ItemGroup>\n</Project>\n").ToString();
    }

    /// <summary>The text of the list. The order of the files is that of the compiler, on which every byte of an assembly depends.</summary>
    /// <param name="files">Paths relative to the project file.</param>
    public static string FormatSources(IEnumerable<string> files) =>
        "<Project>\n  <ItemGroup>\n"
        + string.Concat(files.Select(file => $"    <Compile Include=\"{Escape(Reserved.Aggregate(file, EscapeOne))}\" />\n"))
        + "  </ItemGroup>\n</Project>\n";

    private static string EscapeOne(string text, char reserved) =>
        text.Replace(reserved.ToString(), $"%{(int)reserved:X2}", StringComparison.Ordinal);

    private static string? Escape(string text) => SecurityElement.Escape(text);
}
