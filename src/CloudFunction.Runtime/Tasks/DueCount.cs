namespace CloudFunction.Runtime.Tasks;

/// <summary>Tasks of one function that are due and not claimed.</summary>
/// <param name="Project">The function's project.</param>
/// <param name="Function">Its name.</param>
/// <param name="Count">How many; it may count some that were cancelled since they became due.</param>
/// <param name="Oldest">The oldest of them.</param>
internal readonly record struct DueCount(string Project, string Function, int Count, TaskId Oldest);
