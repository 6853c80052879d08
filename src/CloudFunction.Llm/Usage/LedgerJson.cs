using System.Text.Json;
using System.Text.Json.Serialization;

namespace CloudFunction.Llm.Usage;

/// <summary>How the ledger is written.</summary>
[JsonSerializable(typeof(Dictionary<string, List<LlmUsage>>))]
internal sealed partial class LedgerJson : JsonSerializerContext
{
    /// <summary>With web defaults.</summary>
    public static LedgerJson Web { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web));
}
