namespace CloudFunction.Runtime.Schedules;

/// <summary>What is wrong with a schedule as it was written.</summary>
/// <param name="Field">Where: the name of the field, such as <c>schedule.day_of_week</c> or <c>timezone</c>.</param>
/// <param name="Message">What is wrong, and what would be right; a whole sentence.</param>
internal sealed record ScheduleProblem(string Field, string Message);
