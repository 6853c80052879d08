using System.Text.RegularExpressions;

namespace CloudFunction.Runtime.Tests;

/// <summary>Input that somebody made to be hard to read, and what is expected of its reader.</summary>
internal static class Hostile
{
    // A reader that tries a text in several ways takes hours for what is used here; no machine is so busy that what takes a second takes so long.
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(5);

    // Twice the text may need twice the memory, and some more where a buffer has just doubled.
    private const double MaxGrowth = 2.6;

    /// <summary>Fails where reading takes more than five minutes, which only a hang does.</summary>
    /// <param name="read">Reads.</param>
    /// <param name="what">What is read, for the failure.</param>
    public static async Task<T> ReadAsync<T>(Func<T> read, string what = "It")
    {
        // A thread of its own: one that hangs must not keep the pool's from the other tests.
        var reading = Task.Factory.StartNew(read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(await Task.WhenAny(reading, Task.Delay(Hang)) == reading, $"{what} is still being read after {Hang.TotalMinutes} minutes.");
        return await reading;
    }

    /// <summary>Fails where twice the input makes its reader allocate much more than twice as much.</summary>
    /// <param name="size">Of the smallest; large enough that what is needed once does not count.</param>
    /// <param name="make">Makes an input.</param>
    /// <param name="read">Reads it, whatever comes of it.</param>
    public static void AssertLinear<T>(int size, Func<int, T> make, Action<T> read)
    {
        var (small, middle, large) = (make(size), make(2 * size), make(4 * size));
        read(small); // What is made ready once, at the first time.
        var (first, second, third) = (Measure(small, read), Measure(middle, read), Measure(large, read));

        Assert.True(
            second <= first * MaxGrowth && third <= second * MaxGrowth,
            $"{size}, {2 * size} and {4 * size} of it allocate {first}, {second} and {third} bytes.");
    }

    /// <summary>Texts of a few characters that matter, in random order, to compare two readers with.</summary>
    /// <param name="seed">Of the random order.</param>
    /// <param name="pieces">What the texts are made of.</param>
    /// <param name="count">How many texts.</param>
    public static IEnumerable<string> Texts(int seed, string[] pieces, int count = 20_000)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            yield return string.Concat(Enumerable.Range(0, random.Next(10)).Select(_ => pieces[random.Next(pieces.Length)]));
        }
    }

    /// <summary>An expression as a reader once had it: what it took has to be taken still. It backtracks, so it gets short texts alone, and not for
    /// long.</summary>
    public static Regex Oracle(string pattern, RegexOptions options = RegexOptions.None) =>
        new(pattern, options | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));

    // A collection in between counts what is left of the thread's buffer as well: the smallest of a few is what the reader takes.
    private static long Measure<T>(T input, Action<T> read) =>
        Enumerable.Range(0, 3).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            read(input);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
}
