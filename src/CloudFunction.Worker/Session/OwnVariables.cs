namespace CloudFunction.Worker.Session;

/// <summary>The variables of a process that is the project's alone.</summary>
internal sealed class OwnVariables : IProjectVariables
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string>? Add(IReadOnlyDictionary<string, string?> own)
    {
        foreach (var (name, value) in own)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        return null;
    }

    /// <inheritdoc/>
    public void Remove()
    {
        // They end with the process.
    }
}
