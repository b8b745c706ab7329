namespace SocialCommerce.Integrator;

/// <summary>Brings the sample's own campaigns into being.</summary>
internal static class Campaigns
{
    public static readonly DateTimeOffset Ends = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The campaign is published; the same definition again changes nothing.</summary>
    /// <exception cref="SampleException">The definition has faults; all are named.</exception>
    public static async Task Publish(IGrainFactory grains, Calls calls, string campaignId, CampaignDefinition definition)
    {
        var campaign = grains.GetGrain<ICampaignGrain>(campaignId);
        var reply = await calls.Ask($"{campaignId} is published", () => campaign.Publish(new PublishCampaign { Definition = definition }));
        if (reply.Outcome is Outcome.Done or Outcome.Repeated) return;
        throw new SampleException($"{campaignId} was refused: {reply.Refusal} {string.Join(' ', reply.Faults.Select(fault => $"{fault.Field}: {fault.Message}"))}");
    }
}
