namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>How many callbacks stand where, of those whose tasks are still kept.</summary>
/// <param name="Waiting">Those that wait for a try or are tried just now.</param>
/// <param name="Delivered">See <see cref="CallbackState.Delivered"/>.</param>
/// <param name="Gone">See <see cref="CallbackState.Gone"/>.</param>
/// <param name="Failed">See <see cref="CallbackState.Failed"/>.</param>
internal readonly record struct CallbackCounts(long Waiting, long Delivered, long Gone, long Failed);
