namespace SocialCommerce.Rehearsal.Auditing;

/// <summary>A broken promise: which, about what (ids), and what was found instead.</summary>
internal sealed record Breach(string Rule, string Subject, string Text);

/// <summary>What an audit checked and what it found broken. Filled from one thread.</summary>
internal sealed class Findings
{
    private readonly Dictionary<AuditRule, int> _checked = AuditRules.All.ToDictionary(r => r, _ => 0);
    private readonly List<(AuditRule Rule, Breach Breach)> _broken = [];
    private readonly List<string> _notes = [];

    public IReadOnlyList<Breach> Breaches => [.. _broken.Select(b => b.Breach)];
    public bool Hold => _broken.Count == 0;
    public int Checks => _checked.Values.Sum();

    /// <summary>What could not be checked, and why.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Something that is broken may still come right by itself.</summary>
    public bool MaySettle => _broken.Any(b => b.Rule.Eventual);

    public IReadOnlyList<(AuditRule Rule, int Checked, int Broken)> ByRule =>
        [.. AuditRules.All.Select(r => (r, _checked[r], _broken.Count(b => b.Rule == r)))];

    public void Check(AuditRule rule, string subject, bool holds, Func<string> found)
    {
        _checked[rule]++;
        if (!holds) _broken.Add((rule, new Breach(rule.Name, subject, found())));
    }

    /// <summary>Takes over what an earlier reading broke for good, even if this one shows it whole.</summary>
    public void KeepLasting(Findings earlier) =>
        _broken.AddRange(earlier._broken.Where(b => !b.Rule.Eventual && !_broken.Exists(own => own.Breach == b.Breach)));

    public void Note(string text) => _notes.Add(text);
}
