using System.ClientModel.Primitives;

namespace CloudFunction.Llm.Wire;

/// <summary>The SDK's transport, which lets <see cref="WireHandler"/> know what the SDK asks for: it buffers all but streams.</summary>
internal sealed class WireTransport(HttpClient client) : HttpClientPipelineTransport(client)
{
    protected override void OnSendingRequest(PipelineMessage message, HttpRequestMessage httpRequest) =>
        httpRequest.Options.Set(WireHandler.Streams, !message.BufferResponse);
}
