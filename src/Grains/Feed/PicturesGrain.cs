using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains;

/// <summary>Keeps the pictures of one silo up to date, whether or not somebody asks for them; the key is always <see cref="Key"/>.</summary>
[Alias("sc.internal.pictures")]
internal interface IPicturesGrain : IGrainWithStringKey
{
    const string Key = "pictures-all";

    /// <summary>Reads on to the end of the feed, or as far as the time goes: a launch must not lose its CPU to it, and what is left is read the next time.</summary>
    /// <returns>Whether it came to the end.</returns>
    /// <exception cref="StoreUnavailableException">The store can't be read now.</exception>
    [Alias("keep-up")]
    Task<bool> KeepUp(TimeSpan most);
}

/// <inheritdoc cref="IPicturesGrain"/>
/// <remarks>
/// The first who asks for a campaign's figures, hours into it, would wait until millions of events are read. In a cluster one silo's are kept
/// up to date, and copies of them for the others.
/// </remarks>
internal sealed class PicturesGrain(CampaignIndex campaigns, TeamBoard teams, CampaignFigures figures, TimeProvider monotonic) : Grain, IPicturesGrain
{
    public async Task<bool> KeepUp(TimeSpan most)
    {
        var begun = monotonic.GetTimestamp();
        try
        {
            do
            {
                // The figures are drawn from whatever the others are, so these take what was read for them: the feed is read once.
                var (after, page) = await figures.ReadOnePage();
                await campaigns.Take(after, page);
                // It has all open teams with all their seats: nothing to keep where nobody is ever shown them.
                if (teams.IsAskedFor) await teams.Take(after, page);
                if (page.AtEnd) return true;
            }
            while (monotonic.GetElapsedTime(begun) < most);
            return false;
        }
        catch (JournalUnavailableException away)
        {
            throw new StoreUnavailableException(away.Message, outcomeUnknown: false);
        }
    }
}
