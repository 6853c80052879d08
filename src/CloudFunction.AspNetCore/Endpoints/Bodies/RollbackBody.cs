using CloudFunction.AspNetCore.Errors;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary><c>{"version": 3}</c>.</summary>
internal static class RollbackBody
{
    /// <summary>The version; null where none is named.</summary>
    /// <exception cref="ApiException">It is something else.</exception>
    public static async Task<int?> ReadAsync(HttpContext context)
    {
        int? version = null;
        foreach (var (name, value) in await JsonObjectBody.ReadAsync(context).ConfigureAwait(false) ?? [])
        {
            version = name == "version"
                ? JsonObjectBody.ReadNumber(name, value, int.MaxValue)
                : throw ApiException.Refuse(name, "is unknown; there is 'version'");
        }

        return version;
    }
}
