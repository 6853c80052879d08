namespace CloudFunction.Runtime.Bodies;

/// <summary>Reads a piece of a body or a value, wherever it lies.</summary>
/// <param name="buffer">Filled, but at the end.</param>
/// <param name="position">Where the piece begins.</param>
/// <param name="cancellationToken">Ends the wait for the disk.</param>
/// <returns>How many bytes; 0 at the end.</returns>
internal delegate ValueTask<int> ReadPiece(Memory<byte> buffer, long position, CancellationToken cancellationToken);
