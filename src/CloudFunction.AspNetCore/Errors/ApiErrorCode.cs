namespace CloudFunction.AspNetCore.Errors;

/// <summary>The contract's error codes, as far as this version answers with them.</summary>
internal static class ApiErrorCode
{
    public const string ProjectNotFound = "PROJECT_NOT_FOUND";
    public const string FunctionNotFound = "FUNCTION_NOT_FOUND";
    public const string TaskNotFound = "TASK_NOT_FOUND";
    public const string ScheduleNotFound = "SCHEDULE_NOT_FOUND";
    public const string VersionNotFound = "VERSION_NOT_FOUND";
    public const string NotFound = "NOT_FOUND";
    public const string InvalidParameters = "INVALID_PARAMETERS";
    public const string Environment = "ENV_ERROR";
    public const string Dependency = "DEPENDENCY_ERROR";
    public const string ExecutionError = "EXECUTION_ERROR";
    public const string Timeout = "TIMEOUT_ERROR";
    public const string WorkerCrashed = "WORKER_CRASHED";
    public const string Authentication = "AUTHENTICATION_ERROR";
    public const string Authorization = "AUTHORIZATION_ERROR";
    public const string Overloaded = "OVERLOADED";
    public const string NotServing = "NOT_SERVING";
    public const string RequestTimeout = "REQUEST_TIMEOUT";
    public const string StorageFull = "STORAGE_FULL";
    public const string Conflict = "CONFLICT";
    public const string Internal = "INTERNAL_ERROR";
}
