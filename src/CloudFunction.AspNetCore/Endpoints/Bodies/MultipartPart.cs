namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary>One part of a form.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="FileName">The name of the file it was read from; null where it is no file, empty where a page's file field was left blank.</param>
/// <param name="Body">What it holds, to be read once.</param>
internal sealed record MultipartPart(string Name, string? FileName, Stream Body);
