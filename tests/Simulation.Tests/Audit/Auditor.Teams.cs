namespace SocialCommerce.Simulation.Tests;

/// <summary>Teams, seats, purchases and their money as they are written.</summary>
internal sealed partial class Auditor
{
    private void EnterTeam(string id, short kind, Fact fact)
    {
        if (kind == 200)
        {
            EnterOpening(id, fact);
            return;
        }

        if (!Teams.TryGetValue(id, out var team))
        {
            Broken($"{id} goes on without having been opened");
            return;
        }

        // Also between two events of one unit: whoever was refused there was refused rightly.
        if (team.Free == 0) team.FullUntil = DateTimeOffset.MaxValue;
        team.Version++;
        _touchedTeams.Add(team);
        Check(
            team.Status == TeamStatus.Open || kind is 208 or 209 or 210,
            $"{id} is {team.Status}, which is final, and goes on with {PublicTypes.Of(kind)}");
        switch (kind)
        {
            case 201:
                EnterSeat(team, fact);
                return;
            case 205:
                EnterLeader(team, fact.LeaderId);
                return;
            case 206:
                EnterForming(team, fact);
                return;
            case 207:
                Check(
                    fact.Cancelled ? team.Seats.TrueForAll(other => !other.IsLive) : IsTime(team.ExpiresAt, fact.At) && !GoesAhead(team),
                    $"{id} failed at {fact.At:O} with {team.Paid} paid seats, its deadline is {team.ExpiresAt:O}");
                team.Status = fact.Cancelled ? TeamStatus.Cancelled : TeamStatus.Failed;
                return;
        }

        if (team.Seat(fact.SeatId) is not { } seat)
        {
            Broken($"{id} has no seat {fact.SeatId}, which goes on with {PublicTypes.Of(kind)}");
            return;
        }

        Check(seat.ShopperId == fact.ShopperId, $"{seat.Id} is {seat.ShopperId}'s, and {PublicTypes.Of(kind)} says {fact.ShopperId}");
        switch (kind)
        {
            case 202:
                Check(
                    seat.Status is SeatStatus.Held or SeatStatus.Released && seat.Money.PaymentId is null && fact.AmountFen == seat.PriceFen,
                    $"{seat.Id}, {seat.Status} at {seat.PriceFen}, paid by {seat.Money.PaymentId ?? "nobody"}, was paid {fact.AmountFen} by {fact.PaymentId}");
                var isTakenAnew = seat.Status == SeatStatus.Released;
                seat.Status = SeatStatus.Paid;
                Pay(seat.Money, fact, seat.Id);
                if (!isTakenAnew) break;
                Expect(team.Id, seat.Id);
                CheckUnits(seat.ShopperId, team.Terms, seat.Id);
                break;
            case 203:
                Check(
                    seat.Status == SeatStatus.Held && (IsTime(seat.HoldExpiresAt, fact.At) || IsTime(team.ExpiresAt, fact.At)),
                    $"{seat.Id} was released at {fact.At:O} while {seat.Status} until {seat.HoldExpiresAt:O}");
                seat.Status = SeatStatus.Released;
                seat.WasReleased = true;
                break;
            case 204:
                Check(seat.Status is SeatStatus.Held or SeatStatus.Paid, $"{seat.Id} was left while {seat.Status}");
                seat.Status = SeatStatus.Left;
                break;
            case 208:
                Check(team.Status == TeamStatus.Formed && seat.Status == SeatStatus.Paid, $"{seat.Id} was confirmed while {seat.Status} in a {team.Status} team");
                seat.Status = SeatStatus.Confirmed;
                seat.SettledFen = fact.SettledFen;
                break;
            case 209:
                EnterRefund(seat.Money, fact, seat.Id, () => DueBack(team, seat, fact));
                if (seat.Status != SeatStatus.Confirmed) seat.Status = SeatStatus.RefundRequested;
                break;
            case 210:
                ConfirmRefund(seat.Money, fact, seat.Id);
                if (seat.Status != SeatStatus.Confirmed) seat.Status = SeatStatus.Refunded;
                break;
        }
    }

    private void EnterOpening(string id, Fact fact)
    {
        var terms = fact.Terms!;
        Check(!Teams.ContainsKey(id), $"{id} is opened twice");
        Check(fact.ExpiresAt == fact.At.AddSeconds(terms.DurationSeconds), $"{id} is opened at {fact.At:O} and expires at {fact.ExpiresAt:O}");
        CheckEntry(terms.CampaignId, terms.DefinitionVersion, fact.At, id);
        var team = new TeamBook(id, terms) { ExpiresAt = fact.ExpiresAt, LeaderId = fact.LeaderId, Version = 1 };
        Teams[id] = team;
        TeamsInOrder.Add(team);
        _touchedTeams.Add(team);
    }

    private void EnterSeat(TeamBook team, Fact fact)
    {
        var holdExpiresAt = fact.At.AddSeconds(team.Terms.SeatHoldSeconds);
        if (holdExpiresAt > team.ExpiresAt) holdExpiresAt = team.ExpiresAt;
        Check(fact.At < team.ExpiresAt, $"{team.Id} gave a seat at {fact.At:O}, its deadline is {team.ExpiresAt:O}");
        Check(fact.PriceFen == team.Terms.Tiers[0].PriceFen && fact.HoldExpiresAt == holdExpiresAt, $"{fact.SeatId} costs {fact.PriceFen} until {fact.HoldExpiresAt:O}");
        Check(team.Seat(fact.SeatId) is null, $"{fact.SeatId} is given twice");
        var hadOne = team.Seats.Exists(other => other.ShopperId == fact.ShopperId);
        Check(
            team.Terms.Join != "newShoppersOnly" || team.Seats.Count == 0 || fact.NewShopper || hadOne,
            $"{team.Id} is for new shoppers, and {fact.ShopperId} got a seat");
        Check(
            team.Terms.Join != "invitedOnly" || team.Seats.Count == 0 || hadOne || team.Seats.Exists(other => other.ShopperId == fact.Via?.InviterId && other.IsLive),
            $"{team.Id} is for the invited, and {fact.ShopperId} came by {fact.Via?.InviterId ?? "nobody"}");
        var seat = new SeatLine(fact.SeatId, fact.ShopperId, team.Seats.Count + 1) { PriceFen = fact.PriceFen, HoldExpiresAt = fact.HoldExpiresAt };
        team.Seats.Add(seat);
        CheckIsNew(fact.ShopperId, fact.NewShopper, seat.Id);
        Expect(team.Id, seat.Id);
        var shopper = ShopperOf(fact.ShopperId);
        shopper.Units.Add((team.Terms.CampaignId, team, seat, null));
        CheckUnits(fact.ShopperId, team.Terms, seat.Id);
    }

    private void EnterLeader(TeamBook team, string leaderId)
    {
        var leader = team.Seats.Find(seat => seat.ShopperId == leaderId && seat.IsLive);
        var firstPaid = team.Seats.Where(seat => seat.Status == SeatStatus.Paid).Min(seat => (DateTimeOffset?)seat.Money.PaidAt);
        Check(
            leader is not null && (firstPaid is null || (leader.Status == SeatStatus.Paid && leader.Money.PaidAt == firstPaid)),
            $"{team.Id} is led by {leaderId}, {leader?.Status}, who did not pay first");
        Check(!team.Seats.Exists(seat => seat.ShopperId == team.LeaderId && seat.IsLive), $"{team.Id} passes from {team.LeaderId}, who has a seat, to {leaderId}");
        team.LeaderId = leaderId;
    }

    private void EnterForming(TeamBook team, Fact fact)
    {
        var paid = team.Paid;
        Check(
            paid == team.Size || (IsTime(team.ExpiresAt, fact.At) && GoesAhead(team)),
            $"{team.Id} formed at {fact.At:O} with {paid} paid seats of {team.Size}, its deadline is {team.ExpiresAt:O}");
        var tier = team.Terms.Tiers.FindLast(tier => tier.Size <= paid) ?? team.Terms.Tiers[0];
        Check(fact.PriceFen == tier.PriceFen && fact.Members == paid, $"{team.Id} formed with {paid} at {tier.PriceFen}, and says {fact.Members} at {fact.PriceFen}");
        Check(fact.LeaderId == team.LeaderId, $"{team.Id} is led by {team.LeaderId}, and formed under {fact.LeaderId}");
        team.Status = TeamStatus.Formed;
        team.PriceFen = fact.PriceFen;
    }

    private static bool GoesAhead(TeamBook team) => team.Paid >= Math.Min(team.Terms.Tiers[0].Size, team.Terms.FillWhenAtLeast ?? int.MaxValue);

    /// <summary>What a seat's first refund has to be: the difference of a formed team, or all that was paid.</summary>
    private static long DueBack(TeamBook team, SeatLine seat, Fact fact)
    {
        if (seat.Status != SeatStatus.Confirmed) return seat.Money.PaymentId is null ? seat.PriceFen : seat.Money.PaidFen;
        var settledFen = seat.ShopperId == team.LeaderId ? Math.Max(0, team.PriceFen - team.Terms.LeaderDiscountFen) : team.PriceFen;
        return seat.Money.PaymentId == fact.PaymentId ? seat.Money.PaidFen - settledFen : -1;
    }

    private void CheckTeam(TeamBook team)
    {
        var live = team.Seats.FindAll(seat => seat.IsLive);
        Check(live.Count <= team.Size, $"{team.Id} gave {live.Count} seats of {team.Size}");
        Check(live.Select(seat => seat.ShopperId).Distinct().Count() == live.Count, $"{team.Id} gave a shopper two seats");
        if (team.Status == TeamStatus.Open)
            Check(live.Count == 0 || live.Exists(seat => seat.ShopperId == team.LeaderId), $"{team.Id} is led by {team.LeaderId}, who has no seat");
        else
            CheckEndedTeam(team);

        var (held, sold) = (team.Held + team.Paid, team.Confirmed);
        Move(team.Terms.CampaignId, held - team.HeldUnits, sold - team.SoldUnits);
        (team.HeldUnits, team.SoldUnits) = (held, sold);
        if (team.Free == 0) team.FullUntil = DateTimeOffset.MaxValue;
        else if (team.FullUntil == DateTimeOffset.MaxValue) team.FullUntil = Now;
        if (GoesAhead(team)) team.ReadyUntil = DateTimeOffset.MaxValue;
        else if (team.ReadyUntil == DateTimeOffset.MaxValue) team.ReadyUntil = Now;
    }

    private void CheckEndedTeam(TeamBook team)
    {
        Check(team.Held + team.Paid == 0, $"{team.Id} is {team.Status} with {team.Held} held and {team.Paid} paid seats");
        Check(team.Status == TeamStatus.Formed == team.Confirmed > 0, $"{team.Id} is {team.Status} with {team.Confirmed} confirmed seats");
        foreach (var seat in team.Seats)
        {
            if (seat.Money.PaymentId is null) continue;
            Check(
                seat.Status == SeatStatus.Confirmed || seat.Money.RefundReason is not null,
                $"{seat.Id} was paid, is {seat.Status}, and nothing goes back");
            if (seat.Status != SeatStatus.Confirmed) continue;
            var settledFen = seat.ShopperId == team.LeaderId ? Math.Max(0, team.PriceFen - team.Terms.LeaderDiscountFen) : team.PriceFen;
            Check(
                seat.SettledFen == settledFen && seat.Money.RefundFen == seat.Money.PaidFen - settledFen,
                $"{seat.Id} paid {seat.Money.PaidFen} and owes {settledFen}; it was told {seat.SettledFen}, and {seat.Money.RefundFen} goes back");
        }
    }

    private void EnterPurchase(string id, short kind, Fact fact)
    {
        if (kind == 250)
        {
            var terms = fact.Terms!;
            Check(!Purchases.ContainsKey(id), $"{id} is held twice");
            Check(fact.PriceFen == terms.SoloPriceFen && fact.HoldExpiresAt == fact.At.AddSeconds(terms.SeatHoldSeconds), $"{id} costs {fact.PriceFen} until {fact.HoldExpiresAt:O}");
            CheckEntry(terms.CampaignId, terms.DefinitionVersion, fact.At, id);
            CheckIsNew(fact.ShopperId, fact.NewShopper, id);
            var made = new PurchaseBook(id, fact.ShopperId, terms) { PriceFen = fact.PriceFen, HoldExpiresAt = fact.HoldExpiresAt, Version = 1 };
            Purchases[id] = made;
            PurchasesInOrder.Add(made);
            ShopperOf(fact.ShopperId).Units.Add((terms.CampaignId, null, null, made));
            Expect(id, "");
            CheckUnits(fact.ShopperId, terms, id);
            Move(terms.CampaignId, 1, 0);
            return;
        }

        if (!Purchases.TryGetValue(id, out var purchase))
        {
            Broken($"{id} goes on without having been held");
            return;
        }

        var (held, sold, before) = (purchase.HeldUnits, purchase.SoldUnits, purchase.Status);
        purchase.Version++;
        switch (kind)
        {
            case 251:
                Check(
                    before is PurchaseStatus.Held or PurchaseStatus.Released && purchase.Money.PaymentId is null && fact.AmountFen == purchase.PriceFen,
                    $"{id}, {before} at {purchase.PriceFen}, was paid {fact.AmountFen} by {fact.PaymentId} after {purchase.Money.PaymentId ?? "nobody"}");
                purchase.Status = PurchaseStatus.Paid;
                Pay(purchase.Money, fact, id);
                if (before != PurchaseStatus.Released) break;
                Expect(id, "");
                CheckUnits(purchase.ShopperId, purchase.Terms, id);
                break;
            case 252:
                Check(before == PurchaseStatus.Held && IsTime(purchase.HoldExpiresAt, fact.At), $"{id} was released at {fact.At:O} while {before} until {purchase.HoldExpiresAt:O}");
                purchase.Status = PurchaseStatus.Released;
                break;
            case 253:
                EnterRefund(purchase.Money, fact, id, () => purchase.PriceFen);
                Check(before is PurchaseStatus.Released or PurchaseStatus.RefundRequested, $"{id} is {before}, and its money is to go back");
                purchase.Status = PurchaseStatus.RefundRequested;
                break;
            case 254:
                ConfirmRefund(purchase.Money, fact, id);
                purchase.Status = PurchaseStatus.Refunded;
                break;
        }

        Move(purchase.Terms.CampaignId, purchase.HeldUnits - held, purchase.SoldUnits - sold);
    }

    private void Pay(Money money, Fact fact, string id)
    {
        (money.PaymentId, money.PaidFen, money.PaidAt) = (fact.PaymentId, fact.AmountFen, fact.At);
        CheckPaymentWasMade(fact.PaymentId, id, fact.AmountFen);
    }

    private void EnterRefund(Money money, Fact fact, string id, Func<long> dueBack)
    {
        if (fact.Attempt == 1)
        {
            var due = dueBack();
            Check(money.RefundReason is null, $"{id} has a second refund, {fact.Reason} after {money.RefundReason}");
            Check(fact.AmountFen == due, $"{id}: {due} has to go back, and {fact.AmountFen} is asked for");
            // A payment that took nothing is told by its refund alone.
            if (money.PaymentId is null) Pay(money, fact, id);
            money.RefundReason = fact.Reason;
            money.RefundFen = fact.AmountFen;
        }
        else
        {
            Check(
                money.RefundIsPending && fact.Attempt == money.Attempts + 1 && fact.AmountFen == money.RefundFen && fact.Reason == money.RefundReason && IsTime(money.NextAt, fact.At),
                $"{id}: refund of {fact.AmountFen} asked for the {fact.Attempt}. time at {fact.At:O}, after {money.Attempts} times, next at {money.NextAt:O}");
        }

        Check(fact.PaymentId == money.PaymentId, $"{id} was paid by {money.PaymentId}, and {fact.PaymentId} goes back");
        var pause = TimeSpan.FromMinutes(Math.Min(60, 1L << Math.Min(6, fact.Attempt - 1)));
        Check(fact.NextAt == fact.At + pause, $"{id}: refund asked for at {fact.At:O}, and again at {fact.NextAt:O}, which is not {pause} later");
        (money.Attempts, money.NextAt) = (fact.Attempt, fact.NextAt);
    }

    private void ConfirmRefund(Money money, Fact fact, string id)
    {
        Check(money.RefundIsPending && fact.AmountFen == money.RefundFen, $"{id}: a refund of {fact.AmountFen} was confirmed, {money.RefundFen} was due, confirmed as {money.RefundId ?? "nothing"}");
        money.RefundId = fact.RefundId;
    }

    private void CheckUnits(string shopperId, Terms terms, string id)
    {
        var live = ShopperOf(shopperId).LiveUnitsIn(terms.CampaignId);
        Check(live <= terms.UnitsPerShopper, $"{shopperId} has {live} units of {terms.CampaignId} with {id}, and may have {terms.UnitsPerShopper}");
    }

    private void EnterUnit(ShopperBook shopper, string campaignId, string holderId, string seatId)
    {
        if (!_unitsWithoutShopper.Remove((holderId, seatId))) _shoppersWithoutUnit.Add((holderId, seatId));
        Check(shopper.Units.Exists(unit => unit.CampaignId == campaignId && (unit.Seat?.Id ?? "") == seatId && (unit.Team?.Id ?? unit.Purchase!.Id) == holderId) || _shoppersWithoutUnit.Count > 0,
            $"{shopper.Id} has {seatId} of {holderId} on its record, which is another's");
    }

    // In one unit, and in either order.
    private void Expect(string holderId, string seatId)
    {
        if (!_shoppersWithoutUnit.Remove((holderId, seatId))) _unitsWithoutShopper.Add((holderId, seatId));
    }
}
