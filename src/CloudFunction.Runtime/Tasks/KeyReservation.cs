namespace CloudFunction.Runtime.Tasks;

/// <summary>What a call finds when it asks for its Idempotency-Key.</summary>
/// <param name="State">What the key stands for.</param>
/// <param name="Record">What is stored; null where nothing is.</param>
internal readonly record struct KeyReservation(KeyState State, IdempotencyRecord? Record = null);
