namespace CloudFunction.AspNetCore.Endpoints.Streaming;

/// <summary>Where in a sequence of items a stream of bytes stands: an event ends with an empty line, any other item with its line, and no
/// item has a line end in it.</summary>
internal struct ItemPlace(bool isEvents)
{
    private byte _last = (byte)'\n';
    private byte _lastButOne = (byte)'\n';

    /// <summary>Whether what has passed is whole items.</summary>
    public readonly bool IsBetweenItems => _last == (byte)'\n' && (!isEvents || _lastButOne == (byte)'\n');

    /// <summary>Takes what follows.</summary>
    public void Pass(ReadOnlySpan<byte> part)
    {
        switch (part)
        {
            case [.., var before, var last]:
                (_lastButOne, _last) = (before, last);
                break;
            case [var last]:
                (_lastButOne, _last) = (_last, last);
                break;
        }
    }
}
