using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CloudFunction.Runtime.Configuration.Yaml;

/// <summary>
/// Reads YAML into a tree that keeps positions, from the parser's events: objects deserialized from YAML have none. Takes one document of
/// mappings, lists and values; no aliases and no tags, so that a small file cannot become a large tree. For one use.
/// </summary>
internal sealed class YamlTreeReader
{
    // A logging file needs 4; the arguments of a schedule begin at 5.
    private const int MaxDepth = 16;

    private readonly FileErrors _errors;
    private readonly string _text;
    private readonly Scanner _scanner;
    private readonly Parser _parser;

    // What stands in brackets or braces that have not been closed yet, innermost on top.
    private readonly Stack<(string Kind, int Line)> _open = [];

    private YamlTreeReader(string text, FileErrors errors)
    {
        _errors = errors;
        _text = text;
        _scanner = new Scanner(new StringReader(text), skipComments: true);
        _parser = new Parser(_scanner);
    }

    /// <summary>Reads a text; null where it has no content, or is so wrong that there is no tree. Errors are noted.</summary>
    public static YamlNode? Read(string text, FileErrors errors)
    {
        var checkedText = YamlCharacters.Check(text.TrimStart('\uFEFF'), errors);
        return checkedText is null ? null : new YamlTreeReader(checkedText, errors).TryReadDocument();
    }

    private YamlNode? TryReadDocument()
    {
        try
        {
            return ReadDocument();
        }
        catch (YamlException exception)
        {
            AddSyntaxError(exception.Start, exception.Message);
        }
        catch (InvalidOperationException)
        {
            // Where a plain value in brackets or braces runs into the next line's key, the scanner throws this instead of an error of its own.
            AddSyntaxError(_scanner.CurrentPosition, "A value is not ended.");
        }
        catch (Exception)
        {
            // Of tags, anchors and directives without a name the parser makes objects that refuse them, with exceptions of any kind.
            AddSyntaxError(_scanner.CurrentPosition, "There is a tag, an anchor or a directive that cannot be read.");
        }

        return null;
    }

    private void AddSyntaxError(Mark mark, string reason)
    {
        var (line, column) = ((int)mark.Line, (int)mark.Column);
        var text = _text.Split('\n').ElementAtOrDefault(line - 1) ?? "";
        if (column <= text.Length && text[column - 1] is '%' or '@' or '`' or '*' or '&')
        {
            _errors.Add(line, column, $"a value cannot begin with '{text[column - 1]}' in YAML; put it in quotes");
            return;
        }

        if (reason.TrimEnd('.').EndsWith("found invalid mapping", StringComparison.Ordinal))
        {
            reason = "a value has a ': ' in it; put the value in quotes or on lines of its own, or mend the indentation";
        }

        var opened = _open.TryPeek(out var open) ? $", in the {open.Kind} that begins in line {open.Line}" : "";
        _errors.Add(line, column, $"this is not YAML: {char.ToLowerInvariant(reason[0])}{reason[1..].TrimEnd('.')}{opened}");
    }

    private YamlNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
        {
            return null;
        }

        _parser.Consume<DocumentStart>();
        var root = ReadNode(depth: 1);
        if (root is not null)
        {
            _parser.Consume<DocumentEnd>();
            if (_parser.Accept<DocumentStart>(out var second))
            {
                _errors.Add((int)second.Start.Line, (int)second.Start.Column, "a second document begins here; allowed is one in a file");
            }
        }

        return root;
    }

    /// <summary>Reads what comes next; null where it is too deep to go on.</summary>
    private YamlNode? ReadNode(int depth)
    {
        var start = _parser.Require<ParsingEvent>();
        var (line, column) = ((int)start.Start.Line, (int)start.Start.Column);
        if (start is NodeEvent { Tag.IsEmpty: false } tagged)
        {
            _errors.Add(line, column, $"there is the tag '{tagged.Tag}'; allowed are values without tags");
        }

        if (depth > MaxDepth)
        {
            _errors.Add(line, column, $"the file is nested more than {MaxDepth} deep here");
            return null;
        }

        switch (start)
        {
            case AnchorAlias alias:
                _parser.MoveNext();
                _errors.Add(
                    line, column,
                    $"'*{alias.Value}' is an alias in YAML; allowed are values that are written out: where it is text, put it in quotes");
                return new YamlText(line, column, "", IsPlain: true);
            case Scalar scalar:
                _parser.MoveNext();
                return new YamlText(line, column, scalar.Value, scalar.Style == ScalarStyle.Plain);
            case SequenceStart sequence:
                return ReadInside(sequence.Style == SequenceStyle.Flow, "list", line, () => ReadList(line, column, depth));
            default:
                return ReadInside(_parser.Require<MappingStart>().Style == MappingStyle.Flow, "mapping", line, () => ReadMap(line, column, depth));
        }
    }

    private YamlNode? ReadInside(bool isFlow, string kind, int line, Func<YamlNode?> read)
    {
        if (isFlow)
        {
            _open.Push((kind, line));
        }

        _parser.MoveNext();
        var node = read();
        if (isFlow)
        {
            _open.Pop();
        }

        return node;
    }

    private YamlList? ReadList(int line, int column, int depth)
    {
        List<YamlNode> items = [];
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            if (ReadNode(depth + 1) is not { } item)
            {
                return null;
            }

            items.Add(item);
        }

        return new YamlList(line, column, items);
    }

    private YamlMap? ReadMap(int line, int column, int depth)
    {
        List<KeyValuePair<YamlText, YamlNode>> entries = [];
        Dictionary<string, int> lines = new(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadNode(depth + 1) is not { } key || ReadNode(depth + 1) is not { } value)
            {
                return null;
            }

            if (key is YamlText { IsPlain: true, Value: "<<" })
            {
                _errors.Add(key, "'<<' merges another mapping in YAML 1.1; allowed are keys that are written out");
            }
            else if (key is not YamlText text)
            {
                _errors.Add(key, $"{key.Kind} is a key here; allowed are names");
            }
            else if (!lines.TryAdd(text.Value, text.Line))
            {
                _errors.Add(key, $"'{text.Value}' is here a second time, after line {lines[text.Value]}; allowed is each key once");
            }
            else
            {
                entries.Add(new(text, value));
            }
        }

        return new YamlMap(line, column, entries);
    }
}
