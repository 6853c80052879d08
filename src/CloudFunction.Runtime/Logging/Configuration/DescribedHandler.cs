using CloudFunction.Runtime.Configuration.Yaml;

namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>A handler together with the place of its file name.</summary>
/// <param name="Configuration">The handler.</param>
/// <param name="FileName">The file name as it was written; null where it has none.</param>
internal sealed record DescribedHandler(HandlerConfiguration Configuration, YamlText? FileName);
