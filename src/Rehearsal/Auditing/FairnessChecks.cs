using SocialCommerce.Rehearsal.Http;

namespace SocialCommerce.Rehearsal.Auditing;

/// <summary>That every bargain's chance can be checked by anyone: commitment, seed, draws, amounts.</summary>
internal static class FairnessChecks
{
    public static void Check(Evidence evidence, Findings findings)
    {
        foreach (var bargain in evidence.KnownBargains)
        {
            if (!evidence.Fairness.TryGetValue(bargain.BargainId, out var fairness)) continue;
            var id = bargain.BargainId;
            var seed = Draws.FromHex(fairness.Seed);

            // The bargain was read before its fairness, so only an end seen then must show in the answer.
            var ended = bargain.Status != "open";
            findings.Check(AuditRules.SeedAtTheEnd, id, ended ? seed is not null : fairness.Seed is null || evidence.ReadAt >= bargain.ExpiresAt,
                () => ended ? $"is {bargain.Status}, seed \"{fairness.Seed}\"" : "is open, and shows its seed");

            var commitments = evidence.Facts.Starts[id].Select(s => s.Commitment).Append(bargain.Fairness?.Hash ?? "").Append(fairness.Commitment)
                .Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
            findings.Check(AuditRules.CommitmentKept, id, commitments is [{ Length: > 0 }], () => $"commitments {string.Join(" and ", commitments)}");
            if (seed is null) continue;
            findings.Check(AuditRules.CommitmentKept, id, Same(Draws.Commitment(seed), fairness.Commitment),
                () => $"SHA-256(seed) is {Draws.Commitment(seed)}, commitment {fairness.Commitment}");
            DrawsOf(evidence, bargain, fairness, seed, findings);
        }
    }

    private static void DrawsOf(Evidence evidence, BargainReply bargain, FairnessReply fairness, byte[] seed, Findings findings)
    {
        var cuts = evidence.CutsOf(bargain.BargainId);
        var rows = fairness.Draws.ToLookup(d => d.CutNumber);
        findings.Check(AuditRules.DrawsRecompute, bargain.BargainId, fairness.Draws.Count == cuts.Count,
            () => $"{cuts.Count} cuts, {fairness.Draws.Count} draws");
        evidence.Facts.Campaigns.TryGetValue(bargain.CampaignId, out var campaign);
        foreach (var cut in cuts)
        {
            var draw = Draws.Draw(seed, bargain.BargainId, cut.CutNumber, cut.HelperId);
            var row = rows[cut.CutNumber].FirstOrDefault();
            var subject = $"{bargain.BargainId} cut {cut.CutNumber}";
            findings.Check(AuditRules.DrawsRecompute, subject,
                row is not null && row.HelperId == cut.HelperId && row.CutFen == cut.CutFen && Same(row.Draw, Convert.ToHexStringLower(draw)),
                () => row is null
                    ? $"{cut.HelperId}'s draw is missing"
                    : $"{cut.HelperId} {cut.CutFen} fen draws {Convert.ToHexStringLower(draw)}, shown {row.HelperId} {row.CutFen} fen {row.Draw}");
            if (campaign is not { Policy: "amounts", Existing: { } existing, New: { } fresh }) continue;

            var range = cut.NewShopper ? fresh : existing;
            var drawn = Math.Min(Draws.Uniform(draw, range.MinFen, range.MaxFen), cut.RemainingFen + cut.CutFen);
            findings.Check(AuditRules.DrawsRecompute, subject, drawn == cut.CutFen, () => $"drew {drawn} fen, cut {cut.CutFen}");
        }
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
