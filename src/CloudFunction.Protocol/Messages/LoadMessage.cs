namespace CloudFunction.Protocol.Messages;

/// <summary>Which deployment a worker is to load.</summary>
/// <param name="Project">The project's name.</param>
/// <param name="Version">The deployment's number.</param>
/// <param name="DeploymentDirectory">The deployment's folder; it becomes the current directory.</param>
/// <param name="EntryAssembly">The file name in it of the assembly that holds the functions.</param>
/// <param name="DataDirectory">The project's durable folder.</param>
/// <param name="Describe">Whether <see cref="ReadyMessage"/> is to hold the functions' schemas, which takes time to make.</param>
/// <param name="Environment">What the project's own environment adds to the process's; a null value removes a name.</param>
internal sealed record LoadMessage(
    string Project,
    int Version,
    string DeploymentDirectory,
    string EntryAssembly,
    string DataDirectory,
    bool Describe,
    IReadOnlyDictionary<string, string?> Environment)
{
    /// <summary>Whether to wait, before anything of it is loaded, until a debugger is attached.</summary>
    public bool WaitForDebugger { get; init; }

    /// <summary>The assembly-qualified name of a startup class that runs after the project's own; null for none.</summary>
    public string? Startup { get; init; }

    public byte[] Encode()
    {
        var writer = new MessageWriter().Text(Project).Int32(Version).Text(DeploymentDirectory).Text(EntryAssembly).Text(DataDirectory)
            .Byte(Describe ? (byte)1 : (byte)0).Byte(WaitForDebugger ? (byte)1 : (byte)0).Text(Startup).Int32(Environment.Count);
        foreach (var (name, value) in Environment)
        {
            writer.Text(name).Text(value);
        }

        return writer.Written.ToArray();
    }

    /// <exception cref="ProtocolException">It is no load message.</exception>
    public static LoadMessage Decode(ReadOnlySpan<byte> message)
    {
        var reader = new MessageReader(message);
        var project = reader.Text();
        var version = reader.Int32();
        var deployment = reader.Text();
        var entry = reader.Text();
        var data = reader.Text();
        var describe = reader.Byte() != 0;
        var waitForDebugger = reader.Byte() != 0;
        var startup = reader.OptionalText();
        var count = reader.Count(itemBytes: 2 * sizeof(int));
        var environment = new Dictionary<string, string?>(count);
        for (var i = 0; i < count; i++)
        {
            environment[reader.Text()] = reader.OptionalText();
        }

        reader.End();
        return new LoadMessage(project, version, deployment, entry, data, describe, environment)
        {
            WaitForDebugger = waitForDebugger,
            Startup = startup,
        };
    }
}
