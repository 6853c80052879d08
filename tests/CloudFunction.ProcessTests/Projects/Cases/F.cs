class F
{
    [Function("files")]
    public string FilesOf() => string.Join(" ", Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(AppContext.BaseDirectory, file)).Where(file => !file.StartsWith("P.") && !file.Contains(".functions."))
        .Order(StringComparer.Ordinal));

    [Function("say")]
    public string Say() => "one";
}
