using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>What every shopper needs; one for a silo.</summary>
internal sealed record ShopperParts(JournaledGrainServices Services, CampaignCatalog Catalog, DayCalendar Days, HelpLimit Limit, ShareTokens Tokens);
