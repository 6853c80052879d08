namespace CloudFunction.AspNetCore.Endpoints.Tasks;

/// <summary>How a task's payload or result stands in an answer.</summary>
internal enum ValueForm
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>As it is: it is JSON.</summary>
    Json,

    /// <summary>As a text of JSON: it is UTF-8.</summary>
    Text,

    /// <summary>In Base64: it is neither.</summary>
    Base64,
}
