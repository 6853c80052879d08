namespace CloudFunction.Runtime.Tasks;

/// <summary>Tasks of one function that are due and not claimed; the count may include some that were cancelled since they became due.</summary>
internal readonly record struct DueCount(string Project, string Function, int Count, TaskId Oldest);
