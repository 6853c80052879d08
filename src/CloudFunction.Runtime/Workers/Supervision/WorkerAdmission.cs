using CloudFunction.Protocol;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Workers.Supervision;

/// <summary>Lets connections in that show a secret of a worker that is expected. On their readers.</summary>
internal sealed class WorkerAdmission(WorkerRoster roster, DeadlineSweep sweep, ConfigureMessage configure)
{
    /// <exception cref="ProtocolException">It is a stranger, or a worker that is connected already.</exception>
    public void Admit(WorkerConnection connection, HelloMessage hello)
    {
        if (roster.Find(hello.WorkerId) is not { } worker || !worker.Endpoint.Matches(hello) || !worker.TryConnect(connection))
        {
            throw new ProtocolException("It showed no secret of a worker that is expected.");
        }

        sweep.Add(connection);
        connection.Accept(worker, configure);
        worker.ReportConnected();
    }
}
