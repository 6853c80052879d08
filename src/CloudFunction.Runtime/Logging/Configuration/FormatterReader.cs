using CloudFunction.Runtime.Configuration.Yaml;
using CloudFunction.Runtime.Logging.Formatting;
using Serilog.Formatting;

namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>Reads one entry of <c>formatters</c>.</summary>
internal sealed class FormatterReader(FileErrors errors, TimeProvider time)
{
    private const string Standard = "logging.Formatter";
    private const string Allowed = "allowed are logging.Formatter, and any class whose name ends with JSONFormatter or JsonFormatter";

    /// <summary>The formatter of a handler that names none.</summary>
    public ITextFormatter Default { get; } = StandardFormatter.Create(StandardFormatter.DefaultFormat, time);

    /// <summary>Reads it. Where it is wrong, that is noted and some formatter given.</summary>
    public ITextFormatter Read(string name, YamlNode node)
    {
        if (SectionReader.Open(node, $"the formatter '{name}'", errors) is not { } section)
        {
            return Default;
        }

        section.Allow(LoggingSchema.Formatter, "a formatter");
        section.FindBoolean("validate", otherwise: true);
        if (section.FindText("style") is { Value: not "%" } style)
        {
            errors.Add(style, $"the style '{style.Value}' is not known; allowed is '%', as in '%(message)s'");
            return Default;
        }

        return IsJson(section) ? new JsonFormatter() : ReadStandard(section);
    }

    private bool IsJson(SectionReader section)
    {
        var isJson = false;
        foreach (var key in (ReadOnlySpan<string>)["class", "()"])
        {
            if (section.FindText(key) is not { } text)
            {
                continue;
            }

            var isJsonClass = text.Value.EndsWith("JSONFormatter", StringComparison.Ordinal)
                || text.Value.EndsWith("JsonFormatter", StringComparison.Ordinal);
            isJson |= isJsonClass;
            if (!isJsonClass && text.Value != Standard)
            {
                errors.Add(text, $"the formatter class '{text.Value}' is not known; {Allowed}");
            }
        }

        return isJson;
    }

    private StandardFormatter ReadStandard(SectionReader section)
    {
        // Empty ones are none, as in Python.
        var format = section.FindText("format");
        var formatText = format is { Value.Length: > 0 } ? format.Value : StandardFormatter.DefaultFormat;
        var parts = PercentFormat.Parse(formatText, out var formatErrors);
        foreach (var error in formatErrors)
        {
            errors.Add(format!, error);
        }

        var dateFormat = section.FindText("datefmt") is { Value.Length: > 0 } text ? ReadDateFormat(text) : null;
        return new StandardFormatter(formatText, parts, dateFormat, time);
    }

    private DateFormat ReadDateFormat(YamlText text)
    {
        var format = DateFormat.Parse(text.Value, out var dateErrors);
        foreach (var error in dateErrors)
        {
            errors.Add(text, error);
        }

        return format;
    }
}
