using System.Buffers.Binary;
using System.Text;

namespace CloudFunction.Runtime.Logging.Formatting;

/// <summary>What a time zone is called from when on, from a file of the time zone database (RFC 9636).</summary>
internal sealed class ZoneFile
{
    private const int HeaderBytes = 44;
    private const int TypeBytes = 6;

    private readonly long[] _since;
    private readonly string[] _names;
    private readonly string _first;
    private readonly IReadOnlyList<(string Name, TimeSpan Offset)> _later;

    private ZoneFile(long[] since, string[] names, string first, IReadOnlyList<(string Name, TimeSpan Offset)> later)
    {
        _since = since;
        _names = names;
        _first = first;
        _later = later;
    }

    /// <summary>Reads a file; null where it is none.</summary>
    public static ZoneFile? Parse(ReadOnlySpan<byte> file)
    {
        try
        {
            if (!file.StartsWith("TZif"u8))
            {
                return null;
            }

            // Since version 2 all of it follows a second time, with seconds that do not end in 2038.
            var timeBytes = file[4] == 0 ? 4 : 8;
            return ParseBlock(timeBytes == 4 ? file : file[(HeaderBytes + LengthOf(file, 4))..], timeBytes);
        }
        catch (ArgumentOutOfRangeException)
        {
            return null; // It ends before what its header promises.
        }
    }

    /// <summary>The zone's name at a time; null where it has none then.</summary>
    public string? FindName(DateTimeOffset time)
    {
        var index = Array.BinarySearch(_since, time.ToUnixTimeSeconds());
        index = index >= 0 ? index : ~index - 1;
        if (index == _since.Length - 1 && _later.Count > 0)
        {
            // From the last change on the rule holds; which of its halves is known by the offset.
            return _later.FirstOrDefault(each => each.Offset == time.Offset).Name ?? _names.LastOrDefault() ?? _first;
        }

        return index < 0 ? _first : _names[index];
    }

    private static ZoneFile ParseBlock(ReadOnlySpan<byte> block, int timeBytes)
    {
        var (changes, types, characters) = (CountAt(block, 32), CountAt(block, 36), CountAt(block, 40));
        var times = block.Slice(HeaderBytes, changes * timeBytes);
        var indexes = block.Slice(HeaderBytes + times.Length, changes);
        var typeTable = block.Slice(HeaderBytes + times.Length + changes, types * TypeBytes);
        var text = block.Slice(HeaderBytes + times.Length + changes + typeTable.Length, characters);
        var since = new long[changes];
        var names = new string[changes];
        for (var i = 0; i < changes; i++)
        {
            var time = times.Slice(i * timeBytes, timeBytes);
            since[i] = timeBytes == 4 ? BinaryPrimitives.ReadInt32BigEndian(time) : BinaryPrimitives.ReadInt64BigEndian(time);
            names[i] = NameOf(typeTable, indexes[i], text);
        }

        var footer = timeBytes == 4 ? "" : Encoding.ASCII.GetString(block[(HeaderBytes + LengthOf(block, timeBytes))..]).Trim('\n');
        return new ZoneFile(since, names, NameOf(typeTable, 0, text), ParseRule(footer));
    }

    private static string NameOf(ReadOnlySpan<byte> types, int type, ReadOnlySpan<byte> text)
    {
        var name = text[types.Slice(type * TypeBytes, TypeBytes)[5]..];
        return Encoding.ASCII.GetString(name[..Math.Max(name.IndexOf((byte)0), 0)]);
    }

    /// <summary>The names of a rule of POSIX, such as <c>CET-1CEST,M3.5.0,M10.5.0/3</c>, with their offsets from UTC.</summary>
    private static List<(string Name, TimeSpan Offset)> ParseRule(string rule)
    {
        List<(string, TimeSpan)> names = [];
        for (var position = 0; position < rule.Length && rule[position] != ',';)
        {
            var begin = position;
            var isQuoted = rule[position] == '<';
            position = isQuoted
                ? Math.Max(rule.IndexOf('>', position), position) + 1
                : EndOf(rule, position, char.IsAsciiLetter);
            var name = rule[begin..position].Trim('<', '>');
            begin = position;
            position = EndOf(rule, position, character => char.IsAsciiDigit(character) || character is '+' or '-' or ':');
            if (position == begin && name.Length == 0)
            {
                break; // It is no rule.
            }

            // Offsets are west of Greenwich; summer time without one is an hour ahead.
            names.Add((name, position > begin ? -ParseOffset(rule[begin..position]) : names[0].Item2 + TimeSpan.FromHours(1)));
        }

        return names;
    }

    private static TimeSpan ParseOffset(string text)
    {
        var parts = text.TrimStart('+', '-').Split(':');
        var seconds = 0;
        for (var i = 0; i < 3; i++)
        {
            seconds = (seconds * 60) + (i < parts.Length && int.TryParse(parts[i], out var number) ? number : 0);
        }

        return TimeSpan.FromSeconds(text[0] == '-' ? -seconds : seconds);
    }

    private static int EndOf(string text, int position, Func<char, bool> isPart)
    {
        while (position < text.Length && isPart(text[position]))
        {
            position++;
        }

        return position;
    }

    private static int LengthOf(ReadOnlySpan<byte> block, int timeBytes) =>
        (CountAt(block, 32) * (timeBytes + 1)) + (CountAt(block, 36) * TypeBytes) + CountAt(block, 40) + (CountAt(block, 28) * (timeBytes + 4))
        + CountAt(block, 24) + CountAt(block, 20);

    private static int CountAt(ReadOnlySpan<byte> block, int position) =>
        (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(block[position..]), int.MaxValue / 32);
}
