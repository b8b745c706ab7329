using System.Text.Json;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>The open teams of every campaign that a stranger may join.</summary>
internal sealed class TeamBoard(IJournal journal, TimeProvider monotonic)
    : FeedFollower(journal, "teams-1", StoredEvents.Teams.Kinds.ToHashSet(), TimeSpan.FromMilliseconds(100), monotonic)
{
    private const int ReadAtOnce = 512;

    private Dictionary<string, OpenTeamList> _campaigns = new(StringComparer.Ordinal);

    /// <summary>Fullest first, soonest deadline first. A hold that has run out is a free seat.</summary>
    /// <param name="after">So many are left out at the beginning.</param>
    /// <param name="except">A team that is left out.</param>
    public Task<OpenTeamPage> OpenTeams(string campaignId, DateTimeOffset now, int after, int limit, string except) =>
        Look(() => _campaigns.TryGetValue(campaignId, out var teams) ? teams.Page(now, after, limit, except) : new OpenTeamPage());

    protected override void Apply(FeedEvent happened)
    {
        var decoded = StoredEvents.Teams.Decode(happened.Kind, happened.Payload);
        var teams = TeamsOf(_campaigns, decoded.CampaignId);
        // A team that has ended was dropped: its refunds go on, but not here. One that was restored may be ahead of the feed.
        var known = teams.Find(happened.Stream) ?? (decoded is TeamOpened ? (TeamState.None, 0) : null);
        if (known is not ({ } before, var version) || happened.Version <= version) return;
        var after = TeamState.Evolve(before, decoded);
        if (after.IsOver) teams.Remove(happened.Stream);
        else teams.Put(happened.Stream, after, happened.Version);
    }

    // The names alone: the teams themselves are read from their streams.
    protected override byte[] Copy() => JsonSerializer.SerializeToUtf8Bytes([.. _campaigns.Values.SelectMany(teams => teams.Streams)], PictureJson.Default.StringArray);

    protected override async Task Restore(ReadOnlyMemory<byte> copy)
    {
        // Taken over when all of it was read: a store that goes away half way leaves what there was.
        var restored = new Dictionary<string, OpenTeamList>(StringComparer.Ordinal);
        foreach (var streams in JsonSerializer.Deserialize(copy.Span, PictureJson.Default.StringArray)!.Chunk(ReadAtOnce))
        {
            var read = await Task.WhenAll(streams.Select(stream => Journal.Read(stream)));
            for (var i = 0; i < streams.Length; i++)
            {
                var team = TeamState.None;
                foreach (var stored in read[i]) team = TeamState.Evolve(team, StoredEvents.Teams.Decode(stored.Kind, stored.Payload));
                if (team.Exists && !team.IsOver) TeamsOf(restored, team.Terms.CampaignId).Put(streams[i], team, read[i][^1].Version);
            }
        }

        _campaigns = restored;
    }

    private static OpenTeamList TeamsOf(Dictionary<string, OpenTeamList> campaigns, string campaignId)
    {
        if (!campaigns.TryGetValue(campaignId, out var teams)) campaigns[campaignId] = teams = new OpenTeamList();
        return teams;
    }
}
