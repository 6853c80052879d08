using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Logging.Routing;

/// <summary>Holds a chatty category back, unless the logging file has a logger of that name or of one below.</summary>
/// <param name="Category">Its dotted name; those below it are held back too.</param>
/// <param name="Level">The lowest level that passes; None for none at all.</param>
internal sealed record CategoryFloor(string Category, LogLevel Level);
