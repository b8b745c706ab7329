using System.Collections.Immutable;
using System.Text.Json;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;
using SocialCommerce.Rules;
using TeamStatus = SocialCommerce.Rules.TeamStatus;

namespace SocialCommerce.Grains;

/// <summary>The open teams of every campaign that a stranger may join.</summary>
internal sealed class TeamBoard(IJournal journal, TimeProvider monotonic)
    : FeedFollower(journal, "teams-1", StoredEvents.Teams.Kinds.ToHashSet(), TimeSpan.FromMilliseconds(100), monotonic)
{
    private const int ReadAtOnce = 512;

    // By campaign and stream, with the version of the stream's last event that is in it.
    private readonly Dictionary<string, Dictionary<string, (TeamState Team, int Version)>> _campaigns = new(StringComparer.Ordinal);

    /// <summary>Fullest first, soonest deadline first. A hold that has run out is a free seat.</summary>
    public Task<ImmutableArray<OpenTeamView>> OpenTeams(string campaignId, DateTimeOffset now, string except) => Look<ImmutableArray<OpenTeamView>>(() =>
        !_campaigns.TryGetValue(campaignId, out var teams) ? [] :
        [
            .. from entry in teams.Values
               let team = entry.Team
               where team.StatusAt(now) == TeamStatus.Open && team.Terms.Join != JoinRule.InvitedOnly && team.TeamId != except
               let free = team.FreeAt(now)
               where free > 0
               orderby free, team.ExpiresAt, team.TeamId
               select new OpenTeamView
               {
                   TeamId = team.TeamId,
                   LeaderId = team.LeaderId,
                   Size = team.Terms.Size,
                   Paid = team.Seats.Paid,
                   Held = team.Terms.Size - free - team.Seats.Paid,
                   Free = free,
                   PriceFen = team.PriceFen,
                   ExpiresAt = team.ExpiresAt,
               },
        ]);

    protected override void Apply(FeedEvent happened)
    {
        var decoded = StoredEvents.Teams.Decode(happened.Kind, happened.Payload);
        var teams = TeamsOf(decoded.CampaignId);
        var (before, version) = decoded is TeamOpened && !teams.ContainsKey(happened.Stream) ? (TeamState.None, 0) : teams.GetValueOrDefault(happened.Stream);
        // A team that has ended was dropped: its refunds go on, but not here. One that was restored may be ahead of the feed.
        if (before is null || happened.Version <= version) return;
        var after = TeamState.Evolve(before, decoded);
        if (after.IsOver) teams.Remove(happened.Stream);
        else teams[happened.Stream] = (after, happened.Version);
    }

    // The names alone: the teams themselves are read from their streams.
    protected override byte[] Copy() => JsonSerializer.SerializeToUtf8Bytes([.. _campaigns.Values.SelectMany(teams => teams.Keys)], PictureJson.Default.StringArray);

    protected override async Task Restore(ReadOnlyMemory<byte> copy)
    {
        foreach (var streams in JsonSerializer.Deserialize(copy.Span, PictureJson.Default.StringArray)!.Chunk(ReadAtOnce))
        {
            var read = await Task.WhenAll(streams.Select(stream => Journal.Read(stream)));
            for (var i = 0; i < streams.Length; i++)
            {
                var team = TeamState.None;
                foreach (var stored in read[i]) team = TeamState.Evolve(team, StoredEvents.Teams.Decode(stored.Kind, stored.Payload));
                if (team.Exists && !team.IsOver) TeamsOf(team.Terms.CampaignId)[streams[i]] = (team, read[i][^1].Version);
            }
        }
    }

    private Dictionary<string, (TeamState Team, int Version)> TeamsOf(string campaignId)
    {
        if (!_campaigns.TryGetValue(campaignId, out var teams)) _campaigns[campaignId] = teams = new(StringComparer.Ordinal);
        return teams;
    }
}
