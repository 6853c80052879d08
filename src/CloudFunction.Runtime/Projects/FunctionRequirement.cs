using System.Globalization;

namespace CloudFunction.Runtime.Projects;

/// <summary>Functions that something must have to become live, and what is reported where it has not.</summary>
/// <param name="Functions">The names that must be there.</param>
/// <param name="Code">Of the refusal.</param>
/// <param name="Field">What of the request is wrong.</param>
/// <param name="Problem">What is wrong, for people: <c>{0}</c> stands for those that are missing, <c>{1}</c> for those that there are.</param>
internal sealed record FunctionRequirement(IReadOnlyList<string> Functions, ProjectErrorCode Code, string Field, string Problem)
{
    /// <summary>That a function is still there when its project is deployed for it.</summary>
    public static FunctionRequirement Deployed(string project, string function) => new(
        [function], ProjectErrorCode.FunctionNotFound, "function", $"What project '{project}' would be has no function '{{0}}'; it has {{1}}.");

    /// <summary>That code that is added as a function defines it.</summary>
    public static FunctionRequirement Added(string function) => new(
        [function], ProjectErrorCode.BadUpload, "code",
        $"The code defines no function '{{0}}'; with it the project has {{1}}. Name the class so, or add [Function(\"{function}\")].");

    /// <summary>That no other function goes with the file of one that is removed.</summary>
    public static FunctionRequirement Kept(string removed, IReadOnlyList<string> others) => new(
        others, ProjectErrorCode.Conflict, "function",
        $"{removed}.cs defines {{0}} too: move that to a file of its own, or edit the file and deploy.");

    /// <summary>Checks that all are there.</summary>
    /// <exception cref="ProjectException">Some are missing.</exception>
    public void Check(IReadOnlyCollection<string> found)
    {
        var missing = Functions.Where(function => !found.Contains(function)).ToArray();
        if (missing.Length > 0)
        {
            var there = string.Join(", ", found.Order(StringComparer.Ordinal));
            var message = string.Format(CultureInfo.InvariantCulture, Problem, string.Join(", ", missing), there);
            throw new ProjectException(Code, message) { Field = Field };
        }
    }
}
