namespace CloudFunction.Runtime.Tasks;

/// <summary>Room for so many tasks of one function, reserved before they are claimed.</summary>
internal readonly record struct TaskRoom(string Project, string Function, int Places);
