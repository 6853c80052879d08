namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>One finished task that its maker wants to be notified of.</summary>
/// <param name="Id">The same for every try, and another for every end of a task; letters, digits, '-' and '_', so that it is whole in
/// the signed text.</param>
/// <param name="Task">Which has finished; by the time of a try it may be gone, or run again.</param>
/// <param name="Project">The project of the task's function, whose places its tries take.</param>
/// <param name="Url">Whom to notify; <see cref="CallbackUrl.Check"/> has found nothing wrong with it.</param>
/// <param name="Tries">How many tries have been settled.</param>
internal sealed record Callback(string Id, TaskId Task, string Project, string Url, int Tries);
