namespace CloudFunction.DocsTests;

/// <param name="Language">What stands behind the fence, such as <c>csharp</c>.</param>
/// <param name="Line">Where it begins in the page, from 1.</param>
/// <param name="Text">Its lines.</param>
internal sealed record CodeBlock(string Language, int Line, string Text);
