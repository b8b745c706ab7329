namespace SocialCommerce.Simulation.Tests;

/// <summary>
/// The end of a seed: no trouble any more, the shop confirms its refunds, time goes on until nothing is due. Then everything has ended, and
/// whoever is asked says the same as the journal.
/// </summary>
internal sealed class Closing(World world, Dice dice)
{
    private const int RoundsMax = 5_000;

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RefundPauseMost = TimeSpan.FromHours(1);

    // What failed while there was trouble is tried again within a minute.
    private static readonly TimeSpan AfterFaultMost = TimeSpan.FromSeconds(70);

    private Auditor Auditor => world.Auditor;

    public async Task Run()
    {
        world.Heal();
        await world.Timeline.Delay(world.Setting.Weather.LateMost + (3 * world.Setting.Weather.CommitMost));
        await RefundsAreAskedForAgain();
        await UntilNothingIsDue();
        if (Auditor.BrokenPromise is not null) return;
        // The last commit has been told, too, and everybody has had the time to look.
        await world.Timeline.Delay(TimeSpan.FromMilliseconds(world.Setting.ConfirmMilliseconds) + world.Setting.Weather.CommitMost + world.Setting.Weather.ReadMost + Moment);
        Auditor.CheckEnds();
        foreach (var silo in world.Silos)
        {
            if (Auditor.BrokenPromise is null) await new Inquiry(world, silo, dice.Split()).Run();
        }
    }

    // At the latest an hour after the last time.
    private async Task RefundsAreAskedForAgain()
    {
        var before = Auditor.PendingRefunds().Select(money => (Money: money, money.Attempts)).ToArray();
        await world.LeapBy(RefundPauseMost + world.Setting.SkewMost);
        await world.Timeline.Delay((2 * TimeSpan.FromMilliseconds(world.Setting.SweepMilliseconds)) + (4 * world.Setting.Weather.CommitMost) + (4 * world.Setting.Weather.ReadMost) + AfterFaultMost);
        foreach (var (money, attempts) in before) Auditor.AskedForAgain(money, attempts);
    }

    private async Task UntilNothingIsDue()
    {
        var shop = new Client(world, world.Setting.Clients, dice.Split());
        for (var round = 0; Auditor.BrokenPromise is null; round++)
        {
            foreach (var team in Auditor.TeamsInOrder)
            {
                foreach (var seat in team.Seats.FindAll(seat => seat.Money.RefundIsPending)) await shop.ConfirmRefund(team, seat);
            }

            foreach (var purchase in Auditor.PurchasesInOrder.FindAll(purchase => purchase.Money.RefundIsPending)) await shop.ConfirmRefund(purchase);
            if (world.Store.NextDue() is not { } due) return;
            if (round == RoundsMax) Auditor.Broken($"something is due since {due:O}, and nobody ends it");
            if (due > world.Timeline.Now + world.Setting.SkewMost + Moment) await world.LeapBy(due - world.Timeline.Now + world.Setting.SkewMost);
            await world.Timeline.Delay(TimeSpan.FromMilliseconds(world.Setting.SweepMilliseconds));
        }
    }
}
