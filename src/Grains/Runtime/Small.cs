using System.Collections.Concurrent;
using SocialCommerce.Rules;

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

/// <summary>One copy of the terms that thousands of bargains of one campaign share.</summary>
internal static class SharedTerms
{
    private const int CopiesMax = 4_096;
    private static readonly ConcurrentDictionary<BargainTerms, BargainTerms> Copies = new();

    public static BargainTerms Of(BargainTerms terms)
    {
        if (Copies.TryGetValue(terms, out var shared)) return shared;
        if (Copies.Count >= CopiesMax) Copies.Clear();
        return Copies.GetOrAdd(terms, terms);
    }
}
