namespace CloudFunction.Runtime.Configuration.Yaml;

/// <summary>A part of a YAML file, that knows where it stands.</summary>
internal abstract record YamlNode(int Line, int Column)
{
    /// <summary>What kind of thing it is, for error messages.</summary>
    public abstract string Kind { get; }
}
