using System.Text.Json;

namespace CloudFunction.Worker.Functions;

/// <summary>Finds a name that an object has twice.</summary>
internal static class NameTwice
{
    /// <summary>The path of the first one in a value, and the name; null where there is none.</summary>
    /// <param name="element">The value.</param>
    /// <param name="comparer">How names are compared.</param>
    /// <param name="isPart">Which members of the value itself count; all do of what is in it.</param>
    public static (string Path, string Name)? In(JsonElement element, StringComparer comparer, Func<string, bool> isPart)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in element.EnumerateArray())
            {
                if (In(item, comparer, _ => true) is { } twice)
                {
                    return (JsonPath.Step(index) + twice.Path, twice.Name);
                }

                index++;
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            var names = new HashSet<string>(comparer);
            foreach (var member in element.EnumerateObject().Where(member => isPart(member.Name)))
            {
                if (!names.Add(member.Name))
                {
                    return (JsonPath.Step(member.Name), member.Name);
                }

                if (In(member.Value, comparer, _ => true) is { } twice)
                {
                    return (JsonPath.Step(member.Name) + twice.Path, twice.Name);
                }
            }
        }

        return null;
    }
}
