using System.Collections.Concurrent;

namespace SocialCommerce.Rehearsal.Play;

/// <summary>Counts of what happened in the play, for progress and report. Safe from any thread.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Act, string Code), long> _refusals = new();
    private readonly ConcurrentDictionary<(string Play, int Level), long> _invites = new();
    private readonly ConcurrentDictionary<(string Play, string ShopperId), int> _reached = new();

    public long this[string what] => _counts.GetValueOrDefault(what);

    public void Count(string what) => _counts.AddOrUpdate(what, 1, static (_, n) => n + 1);

    public void Refused(string act, string code) => _refusals.AddOrUpdate((act, code), 1, static (_, n) => n + 1);

    public void Invited(string play, int level) => _invites.AddOrUpdate((play, level), 1, static (_, n) => n + 1);

    /// <summary>An invitation at that level led this shopper to act. Who is reached at several levels counts at the first.</summary>
    public void Reached(string play, string shopperId, int level) =>
        _reached.AddOrUpdate((play, shopperId), level, (_, known) => Math.Min(known, level));

    public IEnumerable<string> ReachedShoppers(string play) => _reached.Keys.Where(k => k.Play == play).Select(k => k.ShopperId);

    public long AllRefusals => _refusals.Values.Sum();

    public IReadOnlyList<(string Act, string Code, long Count)> Refusals =>
        [.. _refusals.Select(p => (p.Key.Act, p.Key.Code, p.Value)).OrderBy(r => r.Act, StringComparer.Ordinal).ThenByDescending(r => r.Value)];

    public IReadOnlyList<(int Level, long Invites, long Shoppers)> Reach(string play)
    {
        var levels = _invites.Where(p => p.Key.Play == play).Select(p => p.Key.Level)
            .Concat(_reached.Where(p => p.Key.Play == play).Select(p => p.Value));
        return [.. levels.Distinct().Where(l => l > 0).Order().Select(level => (
            level,
            _invites.GetValueOrDefault((play, level)),
            (long)_reached.Count(p => p.Key.Play == play && p.Value == level)))];
    }
}
