using System.Runtime.InteropServices;

namespace SocialCommerce.Api;

/// <summary>How many live connections each shopper's tokens have open: one of them must not take every place of the process.</summary>
internal sealed class LivePlaces(int perShopperMax)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);

    /// <summary>False when the shopper has as many as one may; otherwise <see cref="GiveBack"/> afterwards.</summary>
    public bool TryTake(string shopperId)
    {
        lock (_gate)
        {
            ref var taken = ref CollectionsMarshal.GetValueRefOrAddDefault(_taken, shopperId, out _);
            if (taken >= perShopperMax) return false;
            taken++;
            return true;
        }
    }

    public void GiveBack(string shopperId)
    {
        lock (_gate)
        {
            if (--CollectionsMarshal.GetValueRefOrNullRef(_taken, shopperId) == 0) _taken.Remove(shopperId);
        }
    }
}
