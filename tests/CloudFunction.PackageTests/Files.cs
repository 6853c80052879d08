namespace CloudFunction.PackageTests;

/// <summary>Files that users would write.</summary>
internal static class Files
{
    /// <summary>A function that says hello and where it runs.</summary>
    public const string GreetFunction = """
        using CloudFunction;

        namespace Greetings;

        public sealed record GreetRequest(string Name);

        public sealed record GreetResponse(string Message, int ProcessId);

        public sealed class Greet : IFunction<GreetRequest, GreetResponse>
        {
            public ValueTask<GreetResponse> InvokeAsync(GreetRequest request, FunctionContext context, CancellationToken cancellationToken) =>
                ValueTask.FromResult(new GreetResponse($"Hello, {request.Name}!", Environment.ProcessId));
        }
        """;

    /// <summary>An ASP.NET Core app that references the package.</summary>
    public static string HostProject { get; } = Project("Microsoft.NET.Sdk.Web", "CloudFunction.AspNetCore");

    /// <summary>A function project.</summary>
    public static string FunctionProject { get; } = Project("Microsoft.NET.Sdk", "CloudFunction.Abstractions");

    public static void Write(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static string Project(string sdk, string package) => $"""
        <Project Sdk="{sdk}">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="{package}" Version="{Built.Version}" />
          </ItemGroup>
        </Project>
        """;
}
