using System.Globalization;

namespace CloudFunction.Runtime.Configuration.Yaml;

/// <summary>One mapping with known keys. What is wrong with a value is noted, and the value then taken for one that is not there.</summary>
internal sealed class SectionReader
{
    private readonly Dictionary<string, YamlNode> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, YamlText> _keys = new(StringComparer.Ordinal);
    private readonly FileErrors _errors;

    private SectionReader(YamlMap map, FileErrors errors)
    {
        Map = map;
        _errors = errors;
        foreach (var (key, value) in map.Entries)
        {
            _keys.Add(key.Value, key);
            if (value is not YamlText { IsNull: true })
            {
                _values.Add(key.Value, value);
            }
        }
    }

    /// <summary>The mapping itself.</summary>
    public YamlMap Map { get; }

    /// <summary>Takes a node as a mapping; null where it is none.</summary>
    public static SectionReader? Open(YamlNode node, string what, FileErrors errors)
    {
        if (node is YamlMap map)
        {
            return new SectionReader(map, errors);
        }

        errors.Add(node, $"{node.Kind} stands where {what} is expected; allowed is a mapping of keys to values");
        return null;
    }

    /// <summary>Notes every key that is not known.</summary>
    /// <param name="known">The keys that are.</param>
    /// <param name="what">Whose they are, with its article.</param>
    /// <param name="elsewhere">Keys that are right elsewhere, and so no slips.</param>
    public void Allow(IReadOnlyList<string> known, string what, IReadOnlyList<string>? elsewhere = null)
    {
        foreach (var (name, key) in _keys)
        {
            if (!known.Contains(name))
            {
                var suggestion = elsewhere?.Contains(name) == true ? "" : NearestName.Suggest(name, known);
                _errors.Add(key, $"'{name}' is not a key of {what}{suggestion}; allowed are {string.Join(", ", known)}");
            }
        }
    }

    /// <summary>A value that is there and not nothing; else null.</summary>
    public YamlNode? Find(string key) => _values.GetValueOrDefault(key);

    /// <summary>The key itself; null where it is not there.</summary>
    public YamlText? FindKey(string key) => _keys.GetValueOrDefault(key);

    /// <summary>Text; null where there is none.</summary>
    public YamlText? FindText(string key)
    {
        var node = Find(key);
        if (node is null or YamlText)
        {
            return node as YamlText;
        }

        _errors.Add(node, $"'{key}' is {node.Kind}; allowed is text");
        return null;
    }

    /// <summary><c>true</c> or <c>false</c>, or what YAML 1.1 takes for them.</summary>
    public bool FindBoolean(string key, bool otherwise)
    {
        switch (Find(key))
        {
            case null:
                return otherwise;
            case YamlText { IsPlain: true } text when text.Value.ToUpperInvariant() is "TRUE" or "YES" or "ON" or "1":
                return true;
            case YamlText { IsPlain: true } text when text.Value.ToUpperInvariant() is "FALSE" or "NO" or "OFF" or "0":
                return false;
            case var node:
                _errors.Add(node, $"'{key}' is {node.Kind}; allowed are true and false, without quotes");
                return otherwise;
        }
    }

    /// <summary>A whole number from 0; underscores between digits are allowed.</summary>
    public long FindInteger(string key, long otherwise, long maximum)
    {
        var node = Find(key);
        if (node is null)
        {
            return otherwise;
        }

        if (node is YamlText { IsPlain: true } text
            && char.IsAsciiDigit(text.Value[0])
            && long.TryParse(text.Value.Replace("_", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= maximum)
        {
            if (text.Value is ['0', _, ..]
                && YamlVersions.OtherNumberOf(text.Value) is { } other && other != number.ToString(CultureInfo.InvariantCulture))
            {
                _errors.Add(node, $"'{key}' is {node.Kind}, which is {other} in YAML 1.1; allowed are digits without a 0 before them");
            }

            return number;
        }

        _errors.Add(
            node,
            $"'{key}' is {node.Kind}; allowed is a whole number from 0 to {maximum.ToString(CultureInfo.InvariantCulture)}, "
            + "without quotes and units");
        return otherwise;
    }

    /// <summary>The names in a list; none where there is no list. Each comes with its place.</summary>
    public IReadOnlyList<YamlText> FindNames(string key)
    {
        var node = Find(key);
        if (node is YamlList list)
        {
            foreach (var item in list.Items.Where(item => item is not YamlText { IsNull: false }))
            {
                _errors.Add(item, $"{item.Kind} stands in the list '{key}'; allowed are names");
            }

            return [.. list.Items.OfType<YamlText>().Where(item => !item.IsNull)];
        }

        if (node is not null)
        {
            _errors.Add(
                node, $"'{key}' is {node.Kind}; allowed is a list of names, such as [{(node is YamlText text ? text.Value : "console")}]");
        }

        return [];
    }
}
