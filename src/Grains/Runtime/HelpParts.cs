using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>What every shopper needs, and every bargain; one for a silo.</summary>
/// <param name="Resting">Null where other processes may have the bargains.</param>
/// <param name="AtHand">Null there, too.</param>
internal sealed record HelpParts(
    JournaledGrainServices Services, CampaignCatalog Catalog, DayCalendar Days, HelpLimit Limit, ShareTokens Tokens, SoldOutCampaigns SoldOut, ShoppersInDoubt InDoubt,
    RestingBargains? Resting = null, BargainsAtHand? AtHand = null);
