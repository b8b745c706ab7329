namespace SocialCommerce.Grains;

/// <summary>The answer of a command that has nothing to say.</summary>
internal sealed class Done
{
    public static readonly Done Instance = new();
}

/// <summary>Helps per shopper and calendar day.</summary>
internal sealed record HelpLimit(int HelpsPerDay);

/// <summary>Names of streams.</summary>
internal static class Streams
{
    public const string BargainPrefix = "bargain/";
    public const string TeamPrefix = "team/";
    public const string PurchasePrefix = "purchase/";
    public const string CampaignPrefix = "campaign/";

    public static string Bargain(string id) => BargainPrefix + id;
    public static string Team(string id) => TeamPrefix + id;
    public static string Purchase(string id) => PurchasePrefix + id;
    public static string Campaign(string id) => CampaignPrefix + id;
    public static string Shopper(string id) => "shopper/" + id;

    /// <summary>Also the key of the stock's grain, which has stored state: Orleans' ADO.NET storage takes a key that looks like a number for that number.</summary>
    public static string Stock(string campaignId) => "stock/" + campaignId;
}
