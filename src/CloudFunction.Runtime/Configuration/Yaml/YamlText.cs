namespace CloudFunction.Runtime.Configuration.Yaml;

/// <summary>A single value.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">Its column, from 1.</param>
/// <param name="Value">Its text.</param>
/// <param name="IsPlain">Whether it stands without quotes, and so may be a number, a boolean or nothing.</param>
internal sealed record YamlText(int Line, int Column, string Value, bool IsPlain) : YamlNode(Line, Column)
{
    /// <summary>Whether it stands for nothing at all.</summary>
    public bool IsNull => IsPlain && YamlVersions.IsNull(Value);

    /// <inheritdoc/>
    public override string Kind => IsNull ? "nothing" : $"'{Value}'";
}
