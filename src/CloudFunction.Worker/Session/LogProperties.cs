using CloudFunction.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Worker.Session;

/// <summary>Gathers what a record has besides its text: the state's properties and those of the scopes around it.</summary>
internal static class LogProperties
{
    private const string ScopeKey = "Scope";
    private const string ScopeSeparator = " => "; // As the console of .NET has it.

    /// <summary>The properties of a record. Of several with one name the state's counts, else the inner scope's; scopes that are texts are
    /// joined from the outer to the inner one as <c>Scope</c>.</summary>
    public static List<KeyValuePair<string, object?>> Of(object? state, IExternalScopeProvider? scopes)
    {
        var properties = new List<KeyValuePair<string, object?>>();
        Add(state, properties);

        // The provider goes from the outer to the inner one, the right of way from the inner to the outer.
        List<object>? around = null;
        scopes?.ForEachScope(
            static (scope, keep) =>
            {
                if (scope is not null)
                {
                    keep(scope);
                }
            },
            (Action<object>)(scope => (around ??= []).Add(scope)));
        string? text = null;
        for (var i = (around?.Count ?? 0) - 1; i >= 0; i--)
        {
            var scope = around![i];
            if (!Add(scope, properties))
            {
                text = text is null ? LogValue.TextOf(scope) : LogValue.TextOf(scope) + ScopeSeparator + text;
            }
        }

        if (text is not null)
        {
            AddNew(properties, ScopeKey, text);
        }

        return properties;
    }

    private static bool Add(object? source, List<KeyValuePair<string, object?>> properties)
    {
        if (source is not IEnumerable<KeyValuePair<string, object?>> pairs)
        {
            return false;
        }

        try
        {
            foreach (var (name, value) in pairs)
            {
                if (properties.Count == LogMessage.MaxProperties)
                {
                    break;
                }

                if (name != LogText.TemplateName)
                {
                    AddNew(properties, name, value);
                }
            }
        }
        catch (Exception)
        {
            // The user's code, or a template with fewer values than places; the record's text gives the reason.
        }

        return true;
    }

    private static void AddNew(List<KeyValuePair<string, object?>> properties, string name, object? value)
    {
        foreach (var (known, _) in properties)
        {
            if (known == name)
            {
                return;
            }
        }

        properties.Add(new(name, LogValue.Of(value)));
    }
}
