using System.Collections.Immutable;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;
using SocialCommerce.Rules;
using TeamStatus = SocialCommerce.Rules.TeamStatus;

namespace SocialCommerce.Grains;

/// <summary>The open teams of every campaign that a stranger may join.</summary>
internal sealed class TeamBoard(IJournal journal, TimeProvider monotonic)
    : FeedFollower(journal, StoredEvents.Teams.Kinds.ToHashSet(), TimeSpan.FromMilliseconds(100), monotonic)
{
    private readonly Dictionary<string, Dictionary<string, TeamState>> _campaigns = new(StringComparer.Ordinal);

    /// <summary>Fullest first, soonest deadline first. A hold that has run out is a free seat.</summary>
    public Task<ImmutableArray<OpenTeamView>> OpenTeams(string campaignId, DateTimeOffset now, string except) => Look<ImmutableArray<OpenTeamView>>(() =>
        !_campaigns.TryGetValue(campaignId, out var teams) ? [] :
        [
            .. from team in teams.Values
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
        if (!_campaigns.TryGetValue(decoded.CampaignId, out var teams)) _campaigns[decoded.CampaignId] = teams = new(StringComparer.Ordinal);
        var before = decoded is TeamOpened ? TeamState.None : teams.GetValueOrDefault(happened.Stream);
        // A team that has ended was dropped: its refunds go on, but not here.
        if (before is null) return;
        var after = TeamState.Evolve(before, decoded);
        if (after.IsOver) teams.Remove(happened.Stream);
        else teams[happened.Stream] = after;
    }
}
