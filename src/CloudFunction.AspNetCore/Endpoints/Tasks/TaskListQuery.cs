using System.Globalization;
using CloudFunction.AspNetCore.Errors;
using CloudFunction.Protocol;
using CloudFunction.Runtime.Tasks;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Tasks;

/// <summary>Reads which tasks a request wants listed, strictly: a filter that is misspelt must not list all there are.</summary>
internal static class TaskListQuery
{
    private static readonly string[] Names = ["status", "limit", "cursor"];
    private static readonly string[] NamesOfAll = ["project", "function", .. Names];

    /// <summary>Of all tasks.</summary>
    /// <exception cref="ApiException">A name is unknown, or a value is none.</exception>
    public static TaskQuery Read(IQueryCollection query)
    {
        CheckNames(query, NamesOfAll);
        return Read(query, new TaskQuery { Project = Name(query, "project"), Function = Name(query, "function") });
    }

    /// <summary>Of one function's tasks.</summary>
    /// <exception cref="ApiException">A name is unknown, or a value is none.</exception>
    public static TaskQuery Read(IQueryCollection query, string project, string function)
    {
        CheckNames(query, Names);
        return Read(query, new TaskQuery { Project = project, Function = function });
    }

    private static TaskQuery Read(IQueryCollection query, TaskQuery tasks) => tasks with
    {
        Status = Value(query, "status") is not { } name ? null
            : TaskStatusName.TryParse(name, out var status) ? status
            : throw ApiException.Refuse("status", $"must be one of {TaskStatusName.All}"),
        Limit = Value(query, "limit") is not { } text ? tasks.Limit
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= TaskQuery.MaxLimit ? limit
            : throw ApiException.Refuse("limit", $"must be a whole number from 1 to {TaskQuery.MaxLimit}"),
        Before = Value(query, "cursor") is not { } cursor ? null
            : TaskId.TryParse(cursor, out var before) ? before
            : throw ApiException.Refuse("cursor", "must be the next_cursor of the page before"),
    };

    private static void CheckNames(IQueryCollection query, string[] names)
    {
        foreach (var name in query.Keys)
        {
            if (!names.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                throw ApiException.Refuse(name, $"is not known here; known are {string.Join(", ", names)}");
            }
        }
    }

    private static string? Name(IQueryCollection query, string field) =>
        Value(query, field) is not { } name || NameRule.IsValid(name) ? Value(query, field) : throw new ApiException(ApiError.InvalidName(field));

    private static string? Value(IQueryCollection query, string name) =>
        !query.TryGetValue(name, out var values) ? null
        : values is [{ } value] ? value
        : throw ApiException.Refuse(name, "must be there once");
}
