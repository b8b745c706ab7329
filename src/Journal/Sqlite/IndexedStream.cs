using System.Globalization;

namespace SocialCommerce.Journal;

/// <summary>A stream by its hash, as a name: in the index's order, when compared as text.</summary>
internal static class IndexedStream
{
    public static string Name(long hash) => ((ulong)hash ^ (1UL << 63)).ToString("x16", CultureInfo.InvariantCulture);

    public static long Hash(string name) => (long)(ulong.Parse(name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) ^ (1UL << 63));
}
