using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Cluster.Tests;

/// <summary>
/// The engine as players reach it: by grain calls or over HTTP. Every act is repeated, elsewhere if there is an elsewhere, until it is
/// answered for good; an answer that no caller should ever get fails the test.
/// </summary>
internal interface IShopFloor
{
    Task Publish(string campaignId, CampaignDefinition campaign);

    /// <summary>The bargain's id.</summary>
    Task<string> Start(string campaignId, string owner);

    /// <summary>Null: refused.</summary>
    Task<CutAck?> Help(string bargainId, string helper);

    /// <summary>The claim's id; null: refused.</summary>
    Task<string?> Claim(string bargainId, string owner);

    /// <summary>The leader's seat.</summary>
    Task<SeatAck> Open(string campaignId, string leader);

    /// <summary>Null: refused.</summary>
    Task<SeatAck?> Join(string teamId, string shopper);

    /// <summary>Whether it was taken, as a seat or as a refund.</summary>
    Task<bool> Pay(SeatAck seat, string paymentId);
}

/// <summary>An acknowledged cut.</summary>
internal sealed record CutAck(int CutNumber, long CutFen, long PriceFen, bool Wins);

/// <summary>An acknowledged seat.</summary>
internal sealed record SeatAck(string TeamId, string SeatId, string ShopperId, long PriceFen);
