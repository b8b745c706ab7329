using System.Text.Json;
using SocialCommerce.Rules;

namespace SocialCommerce.Silo;

/// <summary>Recomputes an ended bargain's history from its fairness answer: the commitment, every draw and every amount.</summary>
internal static class VerifyCommand
{
    private const string Usage = "socialcommerce verify FILE|URL [--key KEY] (the answer of GET /v1/bargains/{bargainId}/fairness)";

    // What a process in Development lets do everything.
    private const string KeyDefault = "dev";

    public static async Task<int> Run(IReadOnlyList<string> args, TextWriter output)
    {
        if (args.Count == 0 || args[0].StartsWith('-')) throw new SiloFaultException($"say which answer to verify. Usage: {Usage}");
        var source = args[0];
        var arguments = new Arguments([.. args.Skip(1)], ["--key"], []);
        arguments.ThrowIfFaulty(Usage);
        var (bargainId, faults, cuts) = Check(await Read(source, arguments.Text("--key") ?? KeyDefault));
        foreach (var fault in faults) await output.WriteLineAsync($"WRONG  {fault}");
        await output.WriteLineAsync(faults.Count == 0
            ? $"{bargainId}: the seed matches its commitment, and all {cuts} cuts are what the draws say."
            : $"{bargainId}: {faults.Count} faults in {cuts} cuts.");
        return faults.Count == 0 ? 0 : 1;
    }

    internal static (string BargainId, IReadOnlyList<string> Faults, int Cuts) Check(string json)
    {
        using var document = Parse(json);
        var root = document.RootElement;
        try
        {
            var bargainId = root.GetProperty("bargainId").GetString()!;
            if (!root.TryGetProperty("seed", out var seedMember)) throw new SiloFaultException($"{bargainId} has not ended yet: its seed is still secret.");
            var seed = DrawSeed.Parse(seedMember.GetString()!);
            var rule = RuleOf(root.GetProperty("policy"));
            var priceFen = root.GetProperty("startPriceFen").GetInt64();
            var floorFen = root.GetProperty("floorPriceFen").GetInt64();
            var faults = new List<string>();
            if (Draws.Commitment(seed) != root.GetProperty("commitment").GetString()) faults.Add("The seed's SHA-256 is not the commitment.");

            var helps = 0;
            var cuts = 0;
            foreach (var draw in root.GetProperty("draws").EnumerateArray())
            {
                cuts++;
                var number = draw.GetProperty("cutNumber").GetInt32();
                var helperId = draw.GetProperty("helperId").GetString()!;
                var cutFen = draw.GetProperty("cutFen").GetInt64();
                if (Convert.ToHexStringLower(Draws.Full(seed, bargainId, number, helperId)) != draw.GetProperty("draw").GetString())
                    faults.Add($"Cut {number} of {helperId}: its draw is not HMAC-SHA256 of seed, bargain, number and helper.");
                var chance = Draws.Number(seed, bargainId, number, helperId);
                var expectedFen = number == 0
                    ? CutRule.Uniform(BandOf(root.GetProperty("ownerCut"))!, chance)
                    : rule.Amount(priceFen - floorFen, helps, draw.GetProperty("newShopper").GetBoolean(), chance);
                if (cutFen != expectedFen) faults.Add($"Cut {number} of {helperId}: it was {cutFen} fen and should be {expectedFen}.");
                priceFen -= cutFen;
                if (number > 0) helps++;
            }

            return (bargainId, faults, cuts);
        }
        catch (Exception fault) when (fault is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new SiloFaultException($"this is no fairness answer: {fault.Message}", fault);
        }
    }

    private static JsonDocument Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException fault)
        {
            throw new SiloFaultException($"this is no JSON: {fault.Message}", fault);
        }
    }

    private static CutRule RuleOf(JsonElement policy) => policy.GetProperty("policy").GetString() switch
    {
        "headcount" => new CutRule
        {
            Kind = CutRuleKind.Headcount,
            Helpers = policy.GetProperty("helpers").GetInt32(),
            MinCutFen = policy.GetProperty("minCutFen").GetInt64(),
            NewShopperWeightMilli = (int)(policy.GetProperty("newShopperWeight").GetDecimal() * 1000m),
        },
        "amounts" => new CutRule { Kind = CutRuleKind.Amounts, Existing = BandOf(policy.GetProperty("existing")), New = BandOf(policy.GetProperty("new")) },
        "fixed" => new CutRule { Kind = CutRuleKind.Fixed, CutFen = policy.GetProperty("cutFen").GetInt64() },
        var other => throw new SiloFaultException($"there is no cut policy {other}"),
    };

    private static FenBand? BandOf(JsonElement range) => new(range.GetProperty("minFen").GetInt64(), range.GetProperty("maxFen").GetInt64());

    private static async Task<string> Read(string source, string key)
    {
        try
        {
            if (!Uri.TryCreate(source, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) return await File.ReadAllTextAsync(source);
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
            http.DefaultRequestHeaders.Add("X-Api-Key", key);
            return await http.GetStringAsync(address);
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            throw new SiloFaultException($"{source} can't be read: {fault.Message}", fault);
        }
    }
}
