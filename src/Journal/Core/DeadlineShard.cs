namespace SocialCommerce.Journal;

/// <summary>Which shard a stream's due time lies in. Stored with it, so the function must never change.</summary>
internal static class DeadlineShard
{
    public const int Default = 8;
    public const int Max = 1024;

    /// <summary>FNV-1a over the name, folded: neighbouring names spread over all shards.</summary>
    public static int Of(string stream, int shards)
    {
        var hash = 2166136261u;
        foreach (var letter in stream) hash = (hash ^ letter) * 16777619u;
        return (int)((hash ^ (hash >> 16)) % (uint)shards);
    }

    /// <exception cref="ArgumentOutOfRangeException">Not 1 to 1,024 shards.</exception>
    public static int Checked(int shards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shards, Max);
        return shards;
    }

    /// <exception cref="ArgumentOutOfRangeException">There is no such shard.</exception>
    public static void Check(int shard, int shards)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, shards);
    }
}
