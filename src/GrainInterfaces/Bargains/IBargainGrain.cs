
namespace SocialCommerce.GrainInterfaces;

/// <summary>
/// One bargain; the key is its id, given by <see cref="IShopperGrain.Start"/>. A helper's cut goes through
/// <see cref="IShopperGrain.Help"/>, since the quota is the helper's own.
/// </summary>
[Alias("sc.bargain")]
public interface IBargainGrain : IGrainWithStringKey
{
    /// <summary>The bargain as the last durable change left it, or null.</summary>
    [Alias("get")]
    Task<BargainView?> Get();

    /// <summary>The bargain as soon as its version differs from the one given, or after some seconds as it is; null when there is none. For live pages.</summary>
    [Alias("watch")]
    Task<BargainView?> Watch(int knownVersion);

    /// <summary>Its cuts, oldest first; null when there is no such bargain.</summary>
    [Alias("cuts")]
    Task<CutPage?> Cuts(CutsQuery query);

    /// <summary>The owner takes the product at the floor price, or at the current price where the campaign allows it. May be repeated: the same claim.</summary>
    [Alias("claim")]
    Task<ClaimReply> Claim(ClaimBargain request);

    /// <summary>The owner or the operator ends an open bargain. May be repeated.</summary>
    [Alias("cancel")]
    Task<BargainReply> Cancel(CancelBargain request);

    /// <summary>The commitment to the bargain's seed; from its win or other end on the seed itself and every draw. Null when there is no such bargain.</summary>
    [Alias("fairness")]
    Task<FairnessView?> Fairness();

    /// <summary>A signed share link's token for this bargain; it expires with it.</summary>
    [Alias("share")]
    Task<ShareReply> Share(ShareRequest request);
}
