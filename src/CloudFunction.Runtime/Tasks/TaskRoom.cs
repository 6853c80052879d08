namespace CloudFunction.Runtime.Tasks;

/// <summary>Room for tasks of one function, reserved before they are claimed.</summary>
/// <param name="Project">The function's project.</param>
/// <param name="Function">Its name.</param>
/// <param name="Places">For how many.</param>
internal readonly record struct TaskRoom(string Project, string Function, int Places);
