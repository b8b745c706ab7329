namespace SocialCommerce.Rehearsal.Auditing;

/// <summary>Holds what the engine answers now against what it acknowledged.</summary>
internal sealed class Audit(EvidenceReader reader, TimeProvider clock, TimeSpan settle, CancellationToken ct)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Reads and checks everything. What may still come right by itself (the feed, a projection) is read again for as long as the
    /// engine may take to settle; what must hold in every reading stays broken once it was seen broken.
    /// </summary>
    public async Task<(Findings Findings, Evidence Evidence)> Run(Facts facts)
    {
        var began = clock.GetTimestamp();
        Findings? before = null;
        while (true)
        {
            var evidence = await reader.Read(facts);
            var findings = Check(evidence);
            if (before is not null) findings.KeepLasting(before);
            if (!findings.MaySettle || clock.GetElapsedTime(began) >= settle) return (findings, evidence);
            before = findings;
            await Task.Delay(Pause, clock, ct);
        }
    }

    /// <summary>Checks evidence that was read; asks nothing of the engine.</summary>
    public static Findings Check(Evidence evidence)
    {
        var findings = new Findings();
        BargainChecks.Check(evidence, findings);
        HelperChecks.Check(evidence, findings);
        FeedChecks.Check(evidence, findings);
        FairnessChecks.Check(evidence, findings);
        StockChecks.Check(evidence, findings);
        TeamChecks.Check(evidence, findings);
        findings.Check(AuditRules.Readable, "", evidence.Events.Count > 0 || evidence.Facts.Campaigns.Count == 0, () => "the feed has no event of these campaigns");
        foreach (var (subject, answer) in evidence.Unreadable) findings.Check(AuditRules.Readable, subject, false, () => $"was answered with {answer}");
        foreach (var broken in evidence.Facts.BrokenInPlay)
        {
            findings.Check(AuditRules.InPlay, broken.Subject, false, () => $"{broken.Rule}: {broken.Text}");
        }

        if (evidence.Faults.Count == 0) findings.Check(AuditRules.NoFault, "", true, () => "");
        foreach (var (asked, answer) in evidence.Faults) findings.Check(AuditRules.NoFault, asked, false, () => $"was answered with {answer}");
        foreach (var note in evidence.Notes) findings.Note(note);
        return findings;
    }
}
