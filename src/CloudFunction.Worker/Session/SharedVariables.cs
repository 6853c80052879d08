namespace CloudFunction.Worker.Session;

/// <summary>The variables of a project whose process belongs to others too. Its configuration has exactly what it would have in a process
/// of its own; of the process's variables, which are everybody's, its own are set as long as it is there.</summary>
/// <param name="inherited">Those that it has beside its own.</param>
internal sealed class SharedVariables(IReadOnlyDictionary<string, string> inherited) : IProjectVariables
{
    private readonly List<(string Name, string? Before, string? Now)> _set = [];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string>? Add(IReadOnlyDictionary<string, string?> own)
    {
        var all = new Dictionary<string, string>(inherited, OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var (name, value) in own)
        {
            _set.Add((name, Environment.GetEnvironmentVariable(name), value));
            Environment.SetEnvironmentVariable(name, value);
            all.Remove(name);
            if (value is not null)
            {
                all[name] = value;
            }
        }

        return all;
    }

    /// <inheritdoc/>
    public void Remove()
    {
        foreach (var (name, before, now) in _set)
        {
            if (Environment.GetEnvironmentVariable(name) == now)
            {
                Environment.SetEnvironmentVariable(name, before); // Else it is another's by now.
            }
        }

        _set.Clear();
    }
}
