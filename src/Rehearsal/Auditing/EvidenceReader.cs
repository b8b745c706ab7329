using System.Collections.Concurrent;
using SocialCommerce.Rehearsal.Http;

namespace SocialCommerce.Rehearsal.Auditing;

/// <summary>Reads the evidence of a ledger from a running engine.</summary>
internal sealed class EvidenceReader(EngineApi api, TimeProvider clock, int concurrency, int sample, CancellationToken ct)
{
    /// <exception cref="EngineAwayException">The engine went away and stayed away.</exception>
    public async Task<Evidence> Read(Facts facts)
    {
        var evidence = new Evidence(facts, clock.GetUtcNow());
        await Feed(evidence);

        // What a lost answer started or opened is only known from the feed.
        var bargains = facts.Starts.Select(s => s.Key).Union(Subjects(evidence, "bargain.started"));
        var teams = facts.Teams.Select(t => t.Key).Union(facts.Seats.Select(s => s.Key)).Union(Subjects(evidence, "team.opened"));
        await Each(bargains, evidence.Bargains, id => api.Bargain(id, null, ct), evidence);
        await Each(teams, evidence.Teams, id => api.Team(id, ct), evidence);
        foreach (var (id, cuts) in await All(evidence.KnownBargains.Select(b => b.BargainId), id => CutsOf(id, evidence))) evidence.Cuts[id] = cuts;

        await Found(evidence.KnownBargains.Select(b => b.BargainId), evidence.Fairness, id => api.Fairness(id, ct), evidence);
        await Found(Sample(evidence), evidence.Me, id => api.Me(id, ct), evidence);
        await Found(facts.Campaigns.Keys, evidence.Campaigns, id => api.Campaign(id, ct), evidence);
        foreach (var (id, stats) in await All(facts.Campaigns.Keys, id => api.Stats(id, ct)))
        {
            if (stats.Done) evidence.Stats[id] = stats.Value.RootElement;
            else if (stats.Status == 404) evidence.Notes.Add($"no statistics of {id}");
            else evidence.Unreadable.Add(($"stats of {id}", stats.Detail));
        }

        evidence.Faults.AddRange(api.Client.Faults);
        return evidence;
    }

    private async Task Feed(Evidence evidence)
    {
        string? cursor = null;
        while (true)
        {
            var answer = await api.Events(cursor, ct);
            if (!answer.Done)
            {
                evidence.Unreadable.Add(($"the feed after {cursor ?? "its beginning"}", answer.Detail));
                return;
            }

            if (answer.Value.Items.Count == 0) return;
            evidence.Events.AddRange(answer.Value.Items.Where(e => evidence.Facts.Campaigns.ContainsKey(e.CampaignId)));
            if (answer.Value.Next is null || answer.Value.Next == cursor) return;
            cursor = answer.Value.Next;
        }
    }

    private static IEnumerable<string> Subjects(Evidence evidence, string type) =>
        evidence.Events.Where(e => e.Type == type).Select(e => e.SubjectId);

    private async Task<IReadOnlyList<CutReply>> CutsOf(string bargainId, Evidence evidence)
    {
        var cuts = new List<CutReply>();
        string? cursor = null;
        while (true)
        {
            var answer = await api.Cuts(bargainId, cursor, ct);
            if (!answer.Done)
            {
                lock (evidence.Unreadable) evidence.Unreadable.Add(($"cuts of {bargainId}", answer.Detail));
                return cuts;
            }

            cuts.AddRange(answer.Value.Items);
            if (answer.Value.Next is null || answer.Value.Items.Count == 0 || answer.Value.Next == cursor) return cuts;
            cursor = answer.Value.Next;
        }
    }

    // Everybody who helped, or, where they are too many, an even sample of them.
    private IEnumerable<string> Sample(Evidence evidence)
    {
        var helpers = evidence.Cuts.Values.SelectMany(c => c).Select(c => c.HelperId).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (helpers.Length <= sample) return helpers;
        evidence.Notes.Add($"not read: /v1/me of {helpers.Length - sample} of {helpers.Length} helpers (--sample {sample})");
        return Enumerable.Range(0, sample).Select(i => helpers[(long)i * helpers.Length / sample]);
    }

    // 404 is evidence here: what was acknowledged must be there.
    private async Task Each<T>(IEnumerable<string> ids, Dictionary<string, T?> into, Func<string, Task<Answer<T>>> read, Evidence evidence)
        where T : class
    {
        foreach (var (id, answer) in await All(ids, read))
        {
            if (answer.Done) into[id] = answer.Value;
            else if (answer.Status == 404) into[id] = null;
            else evidence.Unreadable.Add((id, answer.Detail));
        }
    }

    private async Task Found<T>(IEnumerable<string> ids, Dictionary<string, T> into, Func<string, Task<Answer<T>>> read, Evidence evidence)
        where T : class
    {
        foreach (var (id, answer) in await All(ids, read))
        {
            if (answer.Done) into[id] = answer.Value;
            else evidence.Unreadable.Add(($"{typeof(T).Name[..^"Reply".Length].ToLowerInvariant()} of {id}", answer.Detail));
        }
    }

    private async Task<IEnumerable<KeyValuePair<string, T>>> All<T>(IEnumerable<string> ids, Func<string, Task<T>> read)
    {
        var all = new ConcurrentDictionary<string, T>(StringComparer.Ordinal);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = ct };
        await Parallel.ForEachAsync(ids.Distinct(), parallel, async (id, _) => all[id] = await read(id));
        return all.OrderBy(p => p.Key, StringComparer.Ordinal);
    }
}
