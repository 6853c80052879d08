namespace CloudFunction.Runtime.Projects;

/// <summary>One function as source code.</summary>
/// <param name="Name">Its name; valid. The code must define it.</param>
/// <param name="Code">C#, as it is to be stored in <c>&lt;name&gt;.cs</c>.</param>
/// <param name="Requirements">What the project's <c>requirements.txt</c> is to be from now on; null leaves it as it is.</param>
/// <param name="Variables">What the project's <c>.env</c> is to have as well, as a JSON object or in the syntax of that file;
/// null for nothing.</param>
internal sealed record FunctionUpload(string Name, string Code, string? Requirements, string? Variables);
