using Microsoft.Win32.SafeHandles;

namespace CloudFunction.Runtime.Logging.Files;

/// <summary>An open file to which only whole pieces are appended. Others may read, move and remove it meanwhile. For one thread.</summary>
internal sealed class AppendedFile : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _handle;

    private AppendedFile(string path, SafeFileHandle handle)
    {
        _path = path;
        _handle = handle;
        Length = RandomAccess.GetLength(handle);
    }

    /// <summary>Where the next piece goes.</summary>
    public long Length { get; private set; }

    /// <summary>Opens the file, made with its directories where it is missing. A line that an earlier process left torn is ended.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static AppendedFile Open(string path)
    {
        HostDirectory.Create(Path.GetDirectoryName(path)!);
        var handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            var file = new AppendedFile(path, handle);
            file.EndTornLine();
            return file;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Appends all of it, or nothing.</summary>
    /// <exception cref="IOException">It cannot: the disk is full, for instance.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, Length);
            Length += bytes.Length;
        }
        catch
        {
            CutBack();
            throw;
        }
    }

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        RandomAccess.SetLength(_handle, 0);
        Length = 0;
    }

    /// <summary>Takes note of what others appended or cut off.</summary>
    public void Refresh() => Length = RandomAccess.GetLength(_handle);

    /// <summary>Whether its path still leads to it.</summary>
    public bool IsInPlace()
    {
        try
        {
            using var there = File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

            // Another file of the same length and the same moment would be taken for this one: then it is as good.
            return RandomAccess.GetLength(there) == RandomAccess.GetLength(_handle)
                && File.GetLastWriteTimeUtc(there) == File.GetLastWriteTimeUtc(_handle);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true; // There is something that cannot be checked: what is open still works.
        }
    }

    public void Dispose() => _handle.Dispose();

    private void EndTornLine()
    {
        Span<byte> last = stackalloc byte[1];
        if (Length > 0 && RandomAccess.Read(_handle, last, Length - 1) == 1 && last[0] != (byte)'\n')
        {
            Append("\n"u8);
        }
    }

    private void CutBack()
    {
        try
        {
            RandomAccess.SetLength(_handle, Length);
        }
        catch (IOException)
        {
            // The next piece is written over the torn one, or its line is ended when the file is opened again.
        }
    }
}
