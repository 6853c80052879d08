using CloudFunction.Data.Providers;
using CloudFunction.Data.Settings;

namespace CloudFunction.Data.Pools;

/// <summary>What a pool is made of.</summary>
internal sealed record DatabasePoolSetup(DatabaseSettings Settings, DatabaseSource Source);
