using System.IO.Compression;
using SideBySide.Processes;

namespace SideBySide.Deploys;

/// <summary>The answer functions as a zip archive: one version or the other, whole or broken.</summary>
internal static class AnswerArchive
{
    // Half of an answer: long enough that its two halves are no accident, short enough to cost nothing.
    private const int HalfLength = 100;

    private static readonly string Assembly = System.IO.Path.GetFileName(Repository.AnswerFunctions);

    /// <summary>The answer of the whole version with this letter.</summary>
    public static string AnswerOf(char letter) => new(letter, 2 * HalfLength);

    /// <summary>The folder's content.</summary>
    /// <param name="letter">Which version.</param>
    /// <param name="fault">What is wrong with it, if anything is.</param>
    public static byte[] Make(char letter, AnswerFault fault)
    {
        using var content = new MemoryStream();
        using (var archive = new ZipArchive(content, ZipArchiveMode.Create))
        {
            foreach (var path in Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(Repository.AnswerFunctions)!))
            {
                var name = System.IO.Path.GetFileName(path);
                var bytes = File.ReadAllBytes(path);
                if (name != Assembly || fault != AnswerFault.AssemblyMissing)
                {
                    Add(archive, name, name == Assembly && fault == AnswerFault.AssemblyCutShort ? bytes[..(bytes.Length / 2)] : bytes);
                }
            }

            var half = new byte[HalfLength];
            Array.Fill(half, (byte)letter);
            Add(archive, "first.txt", half);
            Add(archive, "second.txt", half);
        }

        return content.ToArray();
    }

    private static void Add(ZipArchive archive, string name, byte[] bytes)
    {
        using var entry = archive.CreateEntry(name).Open();
        entry.Write(bytes);
    }
}
