using System.Text.Json;
using CloudFunction.AspNetCore.Errors;
using CloudFunction.Runtime.Configuration;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary><c>{"NAME": "value", "OTHER": null}</c>: changes of a <c>.env</c>.</summary>
internal static class EnvironmentBody
{
    /// <summary>The changes, at least one; no error names a value.</summary>
    /// <exception cref="ApiException">It is something else.</exception>
    public static async Task<IReadOnlyDictionary<string, string?>> ReadAsync(HttpContext context)
    {
        var changes = new Dictionary<string, string?>(EnvironmentNames.Comparer);
        foreach (var (name, value) in await JsonObjectBody.ReadAsync(context).ConfigureAwait(false) ?? [])
        {
            var text = value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => JsonObjectBody.Text(name, () => value.GetString()!),
                _ => throw ApiException.Refuse(name, "must be a string, or null to remove it"),
            };
            if (!changes.TryAdd(name, text))
            {
                throw ApiException.Refuse(name, "must be there once: on this system names in another case are the same");
            }
        }

        return changes.Count > 0
            ? changes
            : throw ApiException.Refuse("body", "must name a variable, such as {\"NAME\": \"value\"}; null removes one");
    }
}
