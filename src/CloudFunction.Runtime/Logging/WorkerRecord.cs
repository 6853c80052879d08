using System.Collections;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Logging;

/// <summary>A worker's log record as the state of a record of the host's.</summary>
internal sealed class WorkerRecord(LogMessage record) : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly List<KeyValuePair<string, object?>> _properties = PropertiesOf(record);

    public int Count => _properties.Count;

    public KeyValuePair<string, object?> this[int index] => _properties[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _properties.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => record.Exception is null ? record.Message : $"{record.Message}\n{record.Exception}";

    private static List<KeyValuePair<string, object?>> PropertiesOf(LogMessage record)
    {
        var properties = new List<KeyValuePair<string, object?>>(record.Properties.Count + 2);
        properties.AddRange(record.Properties);
        if (record.Function is not null)
        {
            properties.Add(new("Function", record.Function));
            properties.Add(new("InvocationId", InvocationId.Format(record.InvocationId)));
        }

        if (record.TraceId is not null)
        {
            properties.Add(new("TraceId", record.TraceId));
        }

        return properties;
    }
}
