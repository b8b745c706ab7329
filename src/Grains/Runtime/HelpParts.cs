using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>What every shopper needs, and every bargain; one for a silo.</summary>
internal sealed record HelpParts(JournaledGrainServices Services, CampaignCatalog Catalog, DayCalendar Days, HelpLimit Limit, ShareTokens Tokens);
