using System.Reflection;
using System.Reflection.Emit;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudFunction.Runtime.Tests.Deployments;

/// <summary>Makes what `dotnet publish` would, in milliseconds.</summary>
internal sealed class PublishedProject
{
    private readonly JsonObject _target = [];
    private readonly JsonObject _libraries = [];
    private readonly JsonObject _dependencies = [];
    private readonly string _directory;
    private readonly string _name;
    private readonly string _targetName;

    public PublishedProject(string directory, string name = "Greetings", string target = ".NETCoreApp,Version=v10.0")
    {
        _directory = directory;
        _name = name;
        _targetName = target;
        Directory.CreateDirectory(directory);
        _target[$"{name}/1.0.0"] = new JsonObject
        {
            ["dependencies"] = _dependencies,
            ["runtime"] = new JsonObject { [name + ".dll"] = new JsonObject() },
        };
        _libraries[$"{name}/1.0.0"] = Library("project");
    }

    public static void WriteAssembly(string path, string version)
    {
        var name = new AssemblyName(Path.GetFileNameWithoutExtension(path)) { Version = Version.Parse(version) };
        var assembly = new PersistedAssemblyBuilder(name, typeof(object).Assembly);
        assembly.DefineDynamicModule(name.Name!);
        assembly.Save(path);
    }

    public PublishedProject WithPackage(
        string name, string version, string? assemblyVersion = null, bool isDirect = true, bool isOnDisk = true, string type = "package")
    {
        var asset = new JsonObject();
        if (assemblyVersion is not null && type == "package")
        {
            asset["assemblyVersion"] = assemblyVersion;
        }

        _target[$"{name}/{version}"] = new JsonObject { ["runtime"] = new JsonObject { [$"lib/net10.0/{name}.dll"] = asset } };
        _libraries[$"{name}/{version}"] = Library(type);
        if (isDirect)
        {
            _dependencies[name] = version;
        }

        if (isOnDisk)
        {
            WriteAssembly(Path.Combine(_directory, name + ".dll"), assemblyVersion ?? "1.0.0.0");
        }

        return this;
    }

    public PublishedProject WithRuntimeConfig(string json)
    {
        File.WriteAllText(Path.Combine(_directory, _name + ".runtimeconfig.json"), json);
        return this;
    }

    public string Write()
    {
        WriteAssembly(Path.Combine(_directory, _name + ".dll"), "1.0.0.0");
        var root = new JsonObject
        {
            ["runtimeTarget"] = new JsonObject { ["name"] = _targetName, ["signature"] = "" },
            ["targets"] = new JsonObject { [_targetName] = _target },
            ["libraries"] = _libraries,
        };
        File.WriteAllText(Path.Combine(_directory, _name + ".deps.json"), root.ToJsonString(JsonSerializerOptions.Web));
        return _directory;
    }

    private static JsonObject Library(string type) => new() { ["type"] = type, ["serviceable"] = false, ["sha512"] = "" };
}
