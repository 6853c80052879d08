namespace CloudFunction.Protocol.Messages;

/// <summary>The deployment is loaded and takes invocations.</summary>
/// <param name="Functions">Its functions, by name.</param>
/// <param name="Skipped">Classes that look like functions and are none, each with the reason.</param>
internal sealed record ReadyMessage(IReadOnlyList<FunctionDescription> Functions, IReadOnlyList<string> Skipped)
{
    private const int MinFunctionBytes = 33; // The fixed fields of one function.
    private const int MinScheduleBytes = 20; // The lengths of its five texts.

    public byte[] Encode()
    {
        var writer = new MessageWriter().Int32(Functions.Count);
        foreach (var f in Functions)
        {
            writer.Text(f.Name).Text(f.Description).Byte(f.Kind).Int64(f.TimeoutMilliseconds).Int32(f.MaxConcurrent).Int32(f.MaxAttempts)
                .Bytes(f.Parameters).Bytes(f.Response).Int32(f.Schedules.Count);
            foreach (var s in f.Schedules)
            {
                writer.Text(s.Cron).Text(s.TimeZone).Text(s.Payload).Text(s.Misfire).Text(s.Overlap);
            }
        }

        writer.Int32(Skipped.Count);
        foreach (var text in Skipped)
        {
            writer.Text(text);
        }

        return writer.Written.ToArray();
    }

    /// <exception cref="ProtocolException">It is no ready message.</exception>
    public static ReadyMessage Decode(ReadOnlySpan<byte> message)
    {
        var reader = new MessageReader(message);
        var functions = new FunctionDescription[reader.Count(MinFunctionBytes)];
        for (var i = 0; i < functions.Length; i++)
        {
            functions[i] = new FunctionDescription(
                reader.Text(), reader.OptionalText(), reader.Byte(), reader.Int64(), reader.Int32(), reader.Int32(),
                reader.Bytes().ToArray(), reader.Bytes().ToArray(), ReadSchedules(ref reader));
        }

        var skipped = new string[reader.Count(sizeof(int))];
        for (var i = 0; i < skipped.Length; i++)
        {
            skipped[i] = reader.Text();
        }

        reader.End();
        return new ReadyMessage(functions, skipped);
    }

    private static ScheduleDescription[] ReadSchedules(ref MessageReader reader)
    {
        var schedules = new ScheduleDescription[reader.Count(MinScheduleBytes)];
        for (var i = 0; i < schedules.Length; i++)
        {
            schedules[i] = new ScheduleDescription(reader.Text(), reader.Text(), reader.Text(), reader.Text(), reader.Text());
        }

        return schedules;
    }
}
