using System.Diagnostics.CodeAnalysis;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>Bounds how many archives a host unpacks at once, and how many wait for it: their memory and the disk's time are everybody's. Thread
/// safe.</summary>
/// <param name="places">How many are unpacked at once.</param>
/// <param name="maxWaiting">How many may wait; each has its archive on disk.</param>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore is only waited on without a handle, so there is nothing to dispose.")]
internal sealed class UnpackingPlaces(int places, int maxWaiting)
{
    private readonly SemaphoreSlim _free = new(places);
    private int _taken;

    /// <summary>Unpacks once there is a place.</summary>
    /// <param name="unpack">Runs once there is a place.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ProjectException">Too many wait already.</exception>
    public async Task RunAsync(Func<Task> unpack, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _taken) > places + maxWaiting)
            {
                throw new ProjectException(ProjectErrorCode.Busy, $"{places + maxWaiting} uploads are being unpacked or wait for it: try again.");
            }

            await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await unpack().ConfigureAwait(false);
            }
            finally
            {
                _free.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _taken);
        }
    }
}
