namespace SocialCommerce.Silo;

/// <summary>What the process says when it is ready.</summary>
internal static class Welcome
{
    public static string Text(string address, string dataFolder, string? bargainId)
    {
        var text = $"""

            SocialCommerce serves at {address}  (data in {dataFolder}; Ctrl+C stops it)
              reference   {address}/docs
            """;
        if (bargainId is null) return text;
        return text + $"""

              campaigns   umbrella (5 friends), rice-cooker (15), balance-car (40), umbrella-amounts (0.10 or 3 to 5 yuan);
                          group-buys tea-for-two, phone-for-three

            Watch a price fall: open
              {address}/b/{bargainId}?as=bob
            and help from another window:
              for friend in carol dave erin; do curl -s -X POST {address}/v1/bargains/{bargainId}/cuts -H 'X-Api-Key: dev' -H "X-User-Id: $friend"; echo; done
            Play a whole campaign over a friendship graph:
              ./run rehearse --url {address}

            """;
    }
}
