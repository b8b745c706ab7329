using SocialCommerce.Rehearsal.Http;
using SocialCommerce.Rehearsal.Records;

namespace SocialCommerce.Rehearsal.Play;

/// <summary>One whole play: publishes, introduces the shoppers, plays, and waits until everything that can end has ended.</summary>
internal sealed class Performance(Stage stage, Func<string, Task> say)
{
    private const double ExistingShare = 0.6;
    private static readonly TimeSpan AfterTheLastEnd = TimeSpan.FromMilliseconds(1500);
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(2);

    /// <summary>How long the play itself took, without its preparation.</summary>
    public TimeSpan Played { get; private set; }

    /// <summary>Requests answered during the play itself.</summary>
    public long RequestsPlayed { get; private set; }

    /// <exception cref="UsageException">The engine refused what the play stands on.</exception>
    public async Task Run()
    {
        var options = stage.Options;
        stage.Ledger.Append(new RunBegun(stage.RunId, string.Join(",", options.Urls), options.Seed, options.DailyHelps, stage.Now));
        var bargains = options.Kind is PlayKind.Bargain or PlayKind.Both ? await BargainCatalogue.Publish(stage) : [];
        var teams = options.Kind is PlayKind.Group or PlayKind.Both ? await GroupBuys() : [];
        await say($"run {stage.RunId}: {stage.Graph.People} shoppers, {stage.Graph.Friendships} friendships, {stage.OwnerCount} start by themselves; "
            + $"{bargains.Count} bargain and {teams.Count} group-buy campaigns, {stage.Lifetime.TotalSeconds:0} s each bargain or team");
        await IntroduceShoppers();

        var began = stage.Now;
        var before = stage.Api.Client.Requests;
        stage.End = began + TimeSpan.FromSeconds(options.Seconds);
        if (bargains.Count > 0) new BargainPlay(stage, bargains).Begin();
        if (teams.Count > 0) new TeamPlay(stage, teams).Begin();

        using var close = new CancellationTokenSource();
        var shop = teams.Count > 0 ? new Shop(stage).Work(teams.Select(t => t.Published.CampaignId), close.Token) : Task.CompletedTask;
        using var quiet = new CancellationTokenSource();
        var progress = Progress(began, quiet.Token);
        try
        {
            await stage.Agenda.WorkUntil(stage.End, stage.Stopping);
            Played = stage.Now - began;
            RequestsPlayed = stage.Api.Client.Requests - before;
            await LetItEnd(bargains, teams);
        }
        finally
        {
            await close.CancelAsync();
            await quiet.CancelAsync();
            await progress;

            // The shop's own failure is the same outage that the play met, and must not hide the play's exception.
            await shop.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        await shop;
    }

    private async Task<IReadOnlyList<TeamCampaign>> GroupBuys()
    {
        var (campaigns, why) = await TeamCatalogue.Publish(stage);
        if (campaigns.Count > 0) return campaigns;
        var line = $"this engine plays no group-buy ({why})";
        if (stage.Options.Kind == PlayKind.Group) throw new UsageException(line);
        await say($"{line}: bargains only");
        return campaigns;
    }

    // The shop knows most of its shoppers; the others are new to it until their first act.
    private async Task IntroduceShoppers()
    {
        var known = Enumerable.Range(0, stage.Graph.People).Where(p => stage.Chance("existing", p).Happens(ExistingShare)).Select(stage.Shopper);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = stage.Options.Concurrency, CancellationToken = stage.Stopping };
        await Parallel.ForEachAsync(known, parallel, async (shopperId, ct) =>
        {
            var answer = await stage.Send("declare", shopperId, shopperId, stage.Api.Declare(shopperId, existing: true, ct));
            if (answer.Outcome == Outcome.Done) stage.Ledger.Append(new ShopperDeclared(shopperId));
        });
    }

    private async Task LetItEnd(IReadOnlyList<BargainCampaign> bargains, IReadOnlyList<TeamCampaign> teams)
    {
        var last = stage.Now;
        foreach (var entry in stage.Ledger.Entries)
        {
            var ends = entry switch
            {
                // Who won in the last moment may still let the claim lapse.
                BargainStarted started => started.ExpiresAt + BargainCatalogue.ClaimWithin(stage),
                TeamOpened opened => opened.ExpiresAt,
                PurchaseAcknowledged { HoldExpiresAt: { } hold } => hold,
                _ => last,
            };
            if (ends > last) last = ends;
        }

        var wait = last + AfterTheLastEnd - stage.Now;
        await say($"the play is over; the last of {bargains.Count + teams.Count} campaigns' deadlines is in {wait.TotalSeconds:0.0} s");
        await stage.Pause(wait);
    }

    private async Task Progress(DateTimeOffset began, CancellationToken quiet)
    {
        var lastRequests = 0L;
        var lastAt = stage.Now;
        while (!quiet.IsCancellationRequested)
        {
            try
            {
                await stage.Pause(ProgressEvery, quiet);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var requests = stage.Api.Client.Requests;
            var now = stage.Now;
            var rate = (requests - lastRequests) / Math.Max(0.001, (now - lastAt).TotalSeconds);
            var t = stage.Tally;
            var teams = t["teams"] > 0 ? $"  teams {t["teams"]}  seats {t["seats"]}  payments {t["payments"]}  refunds {t["refunds"]}" : "";
            await say($"{(now - began).TotalSeconds,5:0} s  {rate,6:0} req/s  started {t["started"]}  cuts {t["cuts"]}  won {t["won"]}  claimed {t["claimed"]}"
                + $"{teams}  refused {t.AllRefusals}{(stage.Api.Client.Outages.AwaySince is { } since ? $"  ENGINE AWAY for {(now - since).TotalSeconds:0} s" : "")}");
            (lastRequests, lastAt) = (requests, now);
        }
    }
}
