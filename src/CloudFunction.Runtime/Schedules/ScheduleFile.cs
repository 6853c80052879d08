using CloudFunction.Runtime.Configuration.Yaml;

namespace CloudFunction.Runtime.Schedules;

/// <summary>Reads the schedule file: <c>tasks</c>, in it <c>system</c> with the host's own and <c>projects</c> with those of each project,
/// by their names.</summary>
internal static class ScheduleFile
{
    /// <summary>What it is called, in CONFIG_DIR.</summary>
    public const string FileName = "scheduler_config.yaml";

    /// <summary>Reads the text of a file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">What messages call it.</param>
    /// <param name="defaultTimeZone">SCHEDULER_TIMEZONE.</param>
    /// <exception cref="ConfigurationFileException">It is wrong; all errors are named.</exception>
    public static IReadOnlyList<ScheduleDefinition> Parse(string text, string path, string defaultTimeZone)
    {
        var errors = new FileErrors(path);
        var root = YamlTreeReader.Read(text, errors);
        errors.ThrowIfAny();
        var definitions = new Dictionary<string, ScheduleDefinition>(StringComparer.Ordinal);
        foreach (var (project, name, node) in root is null or YamlText { IsNull: true } ? [] : Entries(root, errors))
        {
            if (errors.IsFull)
            {
                break; // Of more errors none is shown, and a schedule that is never due takes some milliseconds to be known for one.
            }

            if (ScheduleFileEntry.Read(project, name, node, defaultTimeZone, errors) is { } definition
                && !definitions.TryAdd(definition.Id, definition))
            {
                errors.Add(
                    name,
                    $"the id of this schedule, '{definition.Id}', is that of another one in this file; allowed is each once: call one of "
                    + "them something else");
            }
        }

        errors.ThrowIfAny();
        return [.. definitions.Values];
    }

    private static List<(YamlText? Project, YamlText Name, YamlNode Node)> Entries(YamlNode root, FileErrors errors)
    {
        var entries = new List<(YamlText? Project, YamlText Name, YamlNode Node)>();
        if (Open(root, "a schedule file", errors, "tasks")?.Find("tasks") is not { } tasks
            || Open(tasks, "the section 'tasks'", errors, "system", "projects") is not { } sections)
        {
            return entries;
        }

        if (sections.Find("system") is { } system && SectionReader.Open(system, "the section 'system'", errors) is { } own)
        {
            entries.AddRange(own.Map.Entries.Select(entry => ((YamlText?)null, entry.Key, entry.Value)));
        }

        if (sections.Find("projects") is { } projects && SectionReader.Open(projects, "the section 'projects'", errors) is { } all)
        {
            foreach (var (project, node) in all.Map.Entries.Where(entry => entry.Value is not YamlText { IsNull: true }))
            {
                if (SectionReader.Open(node, $"the project '{project.Value}'", errors) is { } section)
                {
                    entries.AddRange(section.Map.Entries.Select(entry => ((YamlText?)project, entry.Key, entry.Value)));
                }
            }
        }

        return entries;
    }

    private static SectionReader? Open(YamlNode node, string what, FileErrors errors, params string[] known)
    {
        var section = SectionReader.Open(node, what, errors);
        section?.Allow(known, what);
        return section;
    }
}
