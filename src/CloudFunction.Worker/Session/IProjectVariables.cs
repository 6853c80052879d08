namespace CloudFunction.Worker.Session;

/// <summary>The environment variables of a project.</summary>
internal interface IProjectVariables
{
    /// <summary>Adds a project's own; a null value removes a name.</summary>
    /// <returns>What its configuration is made of; null for the process's variables.</returns>
    IReadOnlyDictionary<string, string>? Add(IReadOnlyDictionary<string, string?> own);

    /// <summary>The project is gone.</summary>
    void Remove();
}
