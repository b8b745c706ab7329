using System.Security.Cryptography;
using System.Text.Json;

namespace SocialCommerce.Simulation.Tests;

/// <summary>What was answered, against what was committed by then.</summary>
internal sealed partial class Auditor
{
    private static readonly TimeSpan KeysKept = TimeSpan.FromHours(47);

    private readonly Dictionary<string, KeyBook> _keys = [];
    private long _answers;
    private readonly HashSet<(string PaymentId, string HolderId, long AmountFen)> _paymentsMade = [];

    /// <summary>A request with a key is on its way: some content of it is known under the key from now on.</summary>
    public void Sending(RequestKey? key)
    {
        if (key is null) return;
        if (!_keys.TryGetValue(key.Key, out var book)) _keys[key.Key] = book = new KeyBook();
        book.Contents.Add(key.Fingerprint);
    }

    /// <summary>The shop takes a payment and reports it.</summary>
    public void Paying(string paymentId, string holderId, long amountFen) => _paymentsMade.Add((paymentId, holderId, amountFen));

    /// <summary>The same key gives the same answer, and another content under it none.</summary>
    public void Keyed<T>(RequestKey? key, Sent sent, Outcome outcome, T answer)
    {
        if (key is null) return;
        _answers++;
        var book = _keys[key.Key];
        if (book.Answer is not null && Now - book.AnsweredAt > KeysKept) (book.Answer, book.IsDone) = (null, false);
        switch (outcome)
        {
            case Outcome.KeyReused:
                Check(book.Contents.Count > 1, $"key {key.Key} was refused as reused, and was used for one content alone");
                Check(book.Answer is null || book.Content != key.Fingerprint, $"key {key.Key} was refused as reused for the content that it was answered for");
                break;
            case Outcome.Refused:
                Check(book.Answer is null || book.AnsweredAs >= sent.Answers, $"key {key.Key} was answered before, and is refused now: {JsonSerializer.Serialize(answer)}");
                break;
            default:
                var text = JsonSerializer.Serialize(answer);
                Check(
                    book.Answer is null || (book.Content == key.Fingerprint && book.Answer == text),
                    $"key {key.Key} was answered for '{book.Content}':\n  {book.Answer}\nand then for '{key.Fingerprint}':\n  {text}");
                Check(outcome != Outcome.Done || !book.IsDone, $"key {key.Key} was answered as done twice");
                book.IsDone |= outcome == Outcome.Done;
                if (book.Answer is null) (book.Answer, book.Content, book.AnsweredAt, book.AnsweredAs) = (text, key.Fingerprint, sent.At, _answers);
                break;
        }
    }

    public void Started(string ownerId, string campaignId, StartReply reply, Sent sent)
    {
        if (reply.Outcome == Outcome.Refused)
        {
            CheckEntryRefusal(campaignId, (int)reply.Refusal, CampaignKind.Bargain, sent);
            var starts = ShopperOf(ownerId).Starts.GetValueOrDefault(campaignId);
            if (reply.Refusal == StartRefusal.StartLimitReached)
                Check(starts?.Count > 0, $"{ownerId} was refused another start of {campaignId} after {starts?.Count ?? 0}");
            if (reply.Refusal == StartRefusal.SoldOut) CheckSoldOut(campaignId, sent);
            return;
        }

        if (reply.Bargain is not { } view || !Bargains.TryGetValue(view.BargainId, out var bargain))
        {
            Broken($"{ownerId}'s start in {campaignId} was answered {reply.Outcome} with {reply.Bargain?.BargainId ?? "nothing"}, which is not in the journal");
            return;
        }

        Check(bargain.OwnerId == ownerId && bargain.Terms.CampaignId == campaignId, $"{ownerId}'s start in {campaignId} was answered with {bargain.Id} of {bargain.OwnerId} in {bargain.Terms.CampaignId}");
        if (reply.Outcome == Outcome.Done) CheckWasOpen(campaignId, bargain.Terms.DefinitionVersion, sent, bargain.Id);
        Seen(view);
    }

    public void Helped(string helperId, string bargainId, CutReply reply, Sent sent)
    {
        var bargain = Bargains.GetValueOrDefault(bargainId);
        if (reply.Outcome == Outcome.Refused)
        {
            CheckCutRefusal(helperId, bargainId, bargain, reply, sent);
            return;
        }

        if (reply.Cut is not { } receipt || bargain?.CutOf(helperId) is not { } cut)
        {
            Broken($"{helperId}'s help of {bargainId} was answered {reply.Outcome}, and is not in the journal");
            return;
        }

        Check(reply.Outcome != Outcome.Done || !sent.CutBefore, $"{helperId} had cut {bargainId} before, and was told that it did now");
        if (reply.Outcome == Outcome.Done) CheckNotPaused(bargain.Terms.CampaignId, sent, $"{helperId}'s help of {bargainId}");
        CheckReceipt(bargain, cut, receipt);
    }

    public void Claimed(string shopperId, string bargainId, ClaimReply reply)
    {
        var bargain = Bargains[bargainId];
        if (reply.Outcome != Outcome.Refused)
        {
            Check(
                reply.Claim is { } claim && bargain.Status == BargainStatus.Claimed && claim.ClaimId == bargain.ClaimId && claim.BargainId == bargainId
                && claim.PriceFen == bargain.PriceFen && claim.At == bargain.EndedAt && shopperId == bargain.OwnerId,
                $"{shopperId} was answered {reply.Claim}, and {bargainId} is {bargain.Status} by {bargain.OwnerId}, {bargain.ClaimId} at {bargain.PriceFen}");
            return;
        }

        CheckEndRefusal(shopperId, bargain, reply.Refusal);
    }

    public void Cancelled(string? shopperId, string bargainId, BargainReply reply)
    {
        var bargain = Bargains[bargainId];
        if (reply.Outcome != Outcome.Refused)
        {
            Check(bargain.Status == BargainStatus.Cancelled, $"{bargainId} was answered as cancelled and is {bargain.Status}");
            if (reply.Bargain is { } view) Seen(view);
            return;
        }

        CheckEndRefusal(shopperId, bargain, reply.Refusal);
    }

    /// <summary>A reading shows what was durable at a version, with exact sums; never what is not yet on disk.</summary>
    public void Seen(BargainView view)
    {
        if (!Bargains.TryGetValue(view.BargainId, out var bargain))
        {
            Broken($"{view.BargainId} is shown and not in the journal");
            return;
        }

        Check(view.Version > 0 && view.Version <= bargain.Version, $"{view.BargainId} is shown at version {view.Version} of {bargain.Version}");
        if (view.Version <= 0 || view.Version > bargain.Version) return;
        var then = bargain.History[view.Version];
        Check(
            (view.PriceFen, view.CutCount, view.Status) == then && view.RemainingFen == view.PriceFen - view.FloorPriceFen,
            $"{view.BargainId} is shown at {view.PriceFen} with {view.CutCount} helps, {view.Status}; at version {view.Version} it was {then}");
        Check(
            view.OwnerId == bargain.OwnerId && view.StartPriceFen == bargain.Terms.StartPriceFen && view.FloorPriceFen == bargain.Terms.FloorPriceFen && view.ExpiresAt == bargain.ExpiresAt,
            $"{view.BargainId} is shown as {view.OwnerId}'s from {view.StartPriceFen} to {view.FloorPriceFen} until {view.ExpiresAt:O}");
        Check(
            view.Fairness.Commitment == Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(bargain.Seed))),
            $"{view.BargainId} is committed to another seed than it has");
        Check(view.Status != BargainStatus.Open || IsNeeded(bargain, view.CutsNeeded, view.RemainingFen, view.CutCount), $"{view.BargainId} takes {view.CutsNeeded} more with {view.RemainingFen} left");
    }

    private void CheckReceipt(BargainBook bargain, CutLine cut, CutReceipt receipt)
    {
        var left = cut.PriceFen - bargain.Terms.FloorPriceFen;
        var status = left > 0 ? BargainStatus.Open : bargain.Status == BargainStatus.SoldOut ? BargainStatus.SoldOut : BargainStatus.Won;
        Check(
            receipt.BargainId == bargain.Id && receipt.HelperId == cut.HelperId && receipt.CutNumber == cut.Number && receipt.CutFen == cut.CutFen
            && receipt.PriceFen == cut.PriceFen && receipt.RemainingFen == left && receipt.NewShopper == cut.NewShopper && receipt.Depth == cut.Depth
            && receipt.At == cut.At && receipt.BargainStatus == status
            && receipt.HelpsToday == new HelpsToday { Used = cut.Used, Limit = HelpsPerDay, ResetsAt = cut.ResetsAt },
            $"receipt {receipt}\nis not of cut {cut}");
        Check(left == 0 || IsNeeded(bargain, receipt.CutsNeeded, left, cut.Number), $"{bargain.Id} takes {receipt.CutsNeeded} more after cut {cut.Number}");
    }

    private static bool IsNeeded(BargainBook bargain, CutsNeeded needed, long left, int helps)
    {
        var cut = bargain.Terms.Cut!;
        return cut.Kind switch
        {
            "headcount" => needed.Least == cut.Helpers - helps && needed.Most == needed.Least,
            "fixed" => needed.Least == (left + cut.CutFen - 1) / cut.CutFen && needed.Most == needed.Least,
            _ => needed.Least == Of(Math.Max(cut.Existing!.MaxFen, cut.New!.MaxFen)) && needed.Most == Of(Math.Min(cut.Existing.MinFen, cut.New.MinFen)),
        };

        long Of(long byFen) => (left + byFen - 1) / byFen;
    }

    private void CheckCutRefusal(string helperId, string bargainId, BargainBook? bargain, CutReply reply, Sent sent)
    {
        var helper = ShopperOf(helperId);
        var isSo = reply.Refusal switch
        {
            CutRefusal.BargainNotFound => bargain is null,
            CutRefusal.OwnBargain => bargain?.OwnerId == helperId,
            CutRefusal.BargainCancelled => bargain?.Status == BargainStatus.Cancelled,
            // A silo that has not heard of the win yet says so by its clock.
            CutRefusal.BargainExpired => bargain is not null && Now + Skew >= bargain.ExpiresAt,
            CutRefusal.BargainWon => bargain?.Status is BargainStatus.Won or BargainStatus.Claimed or BargainStatus.Lapsed,
            CutRefusal.BargainSoldOut => bargain?.Status == BargainStatus.SoldOut,
            CutRefusal.HelpedOwnerOnProductBefore => bargain is not null && helper.Helped.Contains((bargain.OwnerId, bargain.Terms.ProductId)),
            CutRefusal.DailyHelpLimitReached => reply.HelpsToday is { } today && helper.Helps.GetValueOrDefault(DayOf(today.ResetsAt).AddDays(-1)) >= HelpsPerDay
                && today.ResetsAt >= EndOf(DayOf(sent.At - Skew)),
            CutRefusal.CampaignPaused => bargain is not null && WasPaused(bargain.Terms.CampaignId, sent),
            _ => false,
        };
        Check(isSo, $"{helperId}'s help of {bargainId} was refused: {reply.Refusal}; it is {bargain?.Status} until {bargain?.ExpiresAt:O}");
        // Two silos may each be behind by what the other wrote a moment ago, and refuse by it what may be asked again. So may one by a unit that it
        // had to give up and that was written after all: it looks for those once a second.
        var mayBeBehind = (world.Silos.Count > 1 || world.Setting.Weather.LostWrittenLater > 0) && reply.Refusal is CutRefusal.BargainExpired or CutRefusal.CampaignPaused or CutRefusal.DailyHelpLimitReached;
        Check(mayBeBehind || bargain?.CutOf(helperId) is null || !sent.CutBefore, $"{helperId} had cut {bargainId} before, and was refused: {reply.Refusal}");
    }

    private void CheckEndRefusal(string? shopperId, BargainBook bargain, ClaimRefusal refusal)
    {
        var isSo = refusal switch
        {
            ClaimRefusal.NotTheOwner => shopperId != bargain.OwnerId,
            ClaimRefusal.BargainCancelled => bargain.Status == BargainStatus.Cancelled,
            // Over by the clock of the silo that refused; one that is behind may have accepted the same, and committed it since.
            ClaimRefusal.BargainExpired => bargain.Status == BargainStatus.Expired || Now + Skew >= bargain.ExpiresAt,
            ClaimRefusal.BargainLapsed => bargain.Status == BargainStatus.Lapsed || (bargain.ClaimBefore > default(DateTimeOffset) && Now + Skew >= bargain.ClaimBefore),
            ClaimRefusal.BargainSoldOut => bargain.Status == BargainStatus.SoldOut,
            ClaimRefusal.BargainClaimed => bargain.Status == BargainStatus.Claimed,
            ClaimRefusal.BargainWon => bargain.Status is BargainStatus.Won or BargainStatus.Claimed or BargainStatus.Lapsed,
            // Open when it looked; it may have been won, and more, since.
            ClaimRefusal.BargainNotWon => true,
            ClaimRefusal.SoldOut => !bargain.Terms.ReserveAtStart,
            _ => false,
        };
        Check(isSo, $"{shopperId} was refused on {bargain.Id}: {refusal}; it is {bargain.Status}, {bargain.OwnerId}'s, until {bargain.ExpiresAt:O} or {bargain.ClaimBefore:O}");
    }

    private sealed class KeyBook
    {
        public HashSet<string> Contents { get; } = [];
        public string? Answer { get; set; }
        public string Content { get; set; } = "";
        public DateTimeOffset AnsweredAt { get; set; }
        public long AnsweredAs { get; set; }
        public bool IsDone { get; set; }
    }
}
