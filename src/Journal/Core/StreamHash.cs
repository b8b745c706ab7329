namespace SocialCommerce.Journal;

/// <summary>A number for a stream. Under the one without a seed it stands in SQLite's index, so the function must never change.</summary>
internal static class StreamHash
{
    /// <summary>FNV-1a over the name, of 64 bits, finished as MurmurHash3 does: also names that differ in their last letter lie far apart.</summary>
    public static long Of(string stream) => Of(stream, seed: 0);

    /// <summary>The same from another beginning: which names meet is another matter then.</summary>
    public static long Of(string stream, ulong seed)
    {
        var hash = 14695981039346656037UL ^ seed;
        foreach (var letter in stream) hash = (hash ^ letter) * 1099511628211UL;
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCDUL;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53UL;
        var number = (long)(hash ^ (hash >> 33));
        // Left out, so that there is a number before every stream's.
        return number == long.MinValue ? 0 : number;
    }
}
