using System.Collections.Immutable;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Rules;
using TeamStatus = SocialCommerce.Rules.TeamStatus;

namespace SocialCommerce.Grains;

/// <summary>
/// One campaign's open teams, those that a stranger may join in the order in which they are shown: fullest first, soonest deadline first. The
/// order is kept, never made: a product page that shows the first few of a hundred thousand must not sort them.
/// </summary>
internal sealed class OpenTeamList
{
    // A hold that has run out is a free seat before the sweep releases it, which takes tenths of a second as a rule. Where it takes longer, the
    // team is not looked at anew by every reader.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Entry> _teams = new(StringComparer.Ordinal);

    private readonly SortedSet<Entry> _shown = new(Comparer<Entry>.Create(static (one, other) =>
        one.Free != other.Free ? one.Free.CompareTo(other.Free)
        : one.Team.ExpiresAt != other.Team.ExpiresAt ? one.Team.ExpiresAt.CompareTo(other.Team.ExpiresAt)
        : string.CompareOrdinal(one.Team.TeamId, other.Team.TeamId)));

    // By when something changes by itself: a hold runs out, the team's time is over.
    private readonly SortedSet<Entry> _changing = new(Comparer<Entry>.Create(static (one, other) =>
        one.ChangesAt != other.ChangesAt ? one.ChangesAt.CompareTo(other.ChangesAt) : string.CompareOrdinal(one.Team.TeamId, other.Team.TeamId)));

    /// <summary>The streams of all open teams, also of those that nobody is shown.</summary>
    public IEnumerable<string> Streams => _teams.Keys;

    /// <summary>An open team, and how many events of its stream are in it; none for one that is not open, as far as is known.</summary>
    public (TeamState Team, int Version)? Find(string stream) => _teams.TryGetValue(stream, out var entry) ? (entry.Team, entry.Version) : null;

    public void Put(string stream, TeamState team, int version)
    {
        if (_teams.TryGetValue(stream, out var entry)) TakeOut(entry);
        else _teams[stream] = entry = new Entry();
        entry.Team = team;
        entry.Version = version;
        Place(entry, team.Free, team.DueAt ?? team.ExpiresAt);
    }

    public void Remove(string stream)
    {
        if (_teams.Remove(stream, out var entry)) TakeOut(entry);
    }

    /// <param name="after">So many are left out at the beginning.</param>
    /// <param name="except">A team that is not shown.</param>
    public OpenTeamPage Page(DateTimeOffset now, int after, int limit, string except)
    {
        CatchUp(now);
        var items = ImmutableArray.CreateBuilder<OpenTeamView>();
        var behind = after;
        foreach (var entry in _shown)
        {
            var team = entry.Team;
            if (team.TeamId == except || behind-- > 0) continue;
            if (items.Count == limit) return new OpenTeamPage { Items = items.ToImmutable(), Next = after + limit };
            items.Add(new OpenTeamView
            {
                TeamId = team.TeamId,
                LeaderId = team.LeaderId,
                Size = team.Terms.Size,
                Paid = team.Seats.Paid,
                Held = team.Terms.Size - entry.Free - team.Seats.Paid,
                Free = entry.Free,
                PriceFen = team.PriceFen,
                ExpiresAt = team.ExpiresAt,
            });
        }

        return new OpenTeamPage { Items = items.ToImmutable() };
    }

    private void CatchUp(DateTimeOffset now)
    {
        while (_changing.Min is { } entry && entry.ChangesAt <= now)
        {
            TakeOut(entry);
            var again = now + LookAgain;
            // Once its time is over, only its own end takes it out of here: nobody is shown it until then.
            if (entry.Team.StatusAt(now) == TeamStatus.Open) Place(entry, entry.Team.FreeAt(now), again < entry.Team.ExpiresAt ? again : entry.Team.ExpiresAt);
            else Place(entry, 0, DateTimeOffset.MaxValue);
        }
    }

    private void Place(Entry entry, int free, DateTimeOffset changesAt)
    {
        entry.Free = free;
        entry.ChangesAt = changesAt;
        if (free > 0 && entry.Team.Terms.Join != JoinRule.InvitedOnly) _shown.Add(entry);
        _changing.Add(entry);
    }

    private void TakeOut(Entry entry)
    {
        _shown.Remove(entry);
        _changing.Remove(entry);
    }

    // What it is ordered by changes only while it is in neither set.
    private sealed class Entry
    {
        public TeamState Team { get; set; } = TeamState.None;
        public int Version { get; set; }
        public int Free { get; set; }
        public DateTimeOffset ChangesAt { get; set; }
    }
}
