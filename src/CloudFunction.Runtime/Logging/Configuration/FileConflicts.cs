using System.Globalization;
using CloudFunction.Protocol;
using CloudFunction.Runtime.Configuration.Yaml;

namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>Finds handlers that would write to one another's files.</summary>
internal static class FileConflicts
{
    /// <summary>Notes each handler whose file is the logging file itself, or that of an earlier one, of one of its backups, or of some
    /// project.</summary>
    public static void Check(IEnumerable<DescribedHandler> handlers, string configurationFile, FileErrors errors)
    {
        List<(FileHandlerConfiguration File, YamlText Name)> earlier = [];
        foreach (var handler in handlers)
        {
            if (handler is not { Configuration: FileHandlerConfiguration file, FileName: { } name })
            {
                continue;
            }

            if (LogFilePath.Comparer.Equals(file.Path, configurationFile))
            {
                errors.Add(name, $"the handler '{file.Name}' writes to this file itself; allowed is any other");
                continue;
            }

            if (errors.IsFull)
            {
                return; // Each is compared with all before it.
            }

            foreach (var (other, otherName) in earlier)
            {
                if ((Describe(file.Path, other.Path) ?? DescribeBackup(file, other)) is { } how)
                {
                    errors.Add(
                        name,
                        $"the handler '{file.Name}' writes to the file of the handler '{other.Name}' in line {otherName.Line}{how}; allowed is one "
                        + "handler for each file");
                    break;
                }
            }

            earlier.Add((file, name));
        }
    }

    private static string? Describe(string path, string other) =>
        LogFilePath.Comparer.Equals(path, other) ? "" : ProjectOf(path, other) is { } project ? $", where the project is called '{project}'" : null;

    private static string? DescribeBackup(FileHandlerConfiguration file, FileHandlerConfiguration other) =>
        IsBackup(file.Path, other) || IsBackup(other.Path, file) ? ", as one of its backups" : null;

    private static bool IsBackup(string path, FileHandlerConfiguration of) =>
        of.MaxBytes > 0
        && path.Length > of.Path.Length + 1
        && path[of.Path.Length] == '.'
        && LogFilePath.Comparer.Equals(path[..of.Path.Length], of.Path)
        && int.TryParse(path.AsSpan(of.Path.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= 1
        && number <= of.BackupCount;

    /// <summary>The project for which the path with <c>{project_name}</c> in it is the other one.</summary>
    private static string? ProjectOf(string left, string right)
    {
        var (template, path) = left.Contains(LogFilePath.Project, StringComparison.Ordinal) ? (left, right) : (right, left);
        var parts = template.Split(LogFilePath.Project);
        if (parts.Length == 1 || path.Contains(LogFilePath.Project, StringComparison.Ordinal))
        {
            return null;
        }

        // Wherever the name stands in the path, it has the same length.
        var (length, rest) = Math.DivRem(path.Length - parts.Sum(part => part.Length), parts.Length - 1);
        if (length <= 0 || rest != 0)
        {
            return null;
        }

        // Names of projects are lower case, and a disk that is blind to case takes them for others.
        var project = path.Substring(parts[0].Length, length);
        project = LogFilePath.Comparer.Equals("a", "A") ? project.ToLowerInvariant() : project;
        return NameRule.IsValid(project) && LogFilePath.Comparer.Equals(string.Join(project, parts), path) ? project : null;
    }
}
