using Orleans.Runtime;

namespace SocialCommerce.Simulation.Tests;

/// <summary>
/// Somebody at the edge, acting for one shopper after the other and for the shop: asks a silo, and asks again, under the same key, until
/// it is answered. Everything that it is told goes to the auditor.
/// </summary>
internal sealed partial class Client(World world, int number, Dice dice)
{
    private const int AttemptsMax = 1_000;

    private int _requests;

    private Auditor Auditor => world.Auditor;

    public async Task Run()
    {
        if (number == 0)
        {
            for (var i = 0; i < world.Setting.Campaigns; i++) await Publish($"c-{i}", i % 2 == 0 ? CampaignKind.Bargain : CampaignKind.GroupBuy);
        }

        for (var act = 0; act < world.Setting.ActsEach && Auditor.BrokenPromise is null; act++)
        {
            await Act();
            await world.Timeline.Delay(dice.Wait(world.Setting.RestMost));
        }
    }

    private Task Act() => dice.Below(100) switch
    {
        < 30 => Help(),
        < 38 => Start(),
        < 50 => Join(),
        < 55 => Open(),
        < 66 => Pay(),
        < 70 => Claim(),
        < 72 => Cancel(),
        < 75 => Leave(),
        < 78 => Buy(),
        < 82 => PayPurchase(),
        < 86 => ConfirmRefund(),
        < 89 => Operate(),
        < 90 => Declare(),
        < 93 => Share(),
        _ => Look(),
    };

    /// <summary>Now and then the same request goes out twice at once, as when somebody presses twice.</summary>
    private async Task Perhaps(Func<Task> request)
    {
        if (dice.Happens(0.15)) await Task.WhenAll(request(), request());
        else await request();
    }

    private Task<T> Ask<T>(string what, string subject, Func<IGrainFactory, Task<T>> ask) => AskSilo(what, subject, silo => ask(silo.Grains!));

    /// <summary>Asks a shopper by its grain, as an integrator does, or as the edge does beside the silo.</summary>
    private Task<T> AskShopper<T>(string what, string shopperId, Func<IShopper, Task<T>> ask)
    {
        var byGrain = dice.Happens(0.3);
        return AskSilo(what, shopperId, silo => byGrain ? ask(new ShopperByGrain(silo.Grains!.GetGrain<IShopperGrain>(shopperId))) : silo.Ask(shopperId, ask));
    }

    private async Task<T> AskSilo<T>(string what, string subject, Func<Silo, Task<T>> ask)
    {
        for (var attempt = 1; ; attempt++)
        {
            var silo = Choose(subject);
            if (silo?.Grains is not null)
            {
                try
                {
                    var answer = world.Defect.Answer(await silo.Life!.Answer(ask(silo)));
                    world.Commands++;
                    return answer;
                }
                // As the contract says: repeat, a little later. A silo that died, or a grain that has just gone, is away as well.
                catch (Exception away) when (away is StoreUnavailableException or TimeoutException or SiloDiedException or OrleansMessageRejectionException or SiloUnavailableException)
                {
                    world.Trace.Note($"client {number}: {what} {subject}: {away.GetType().Name} of silo {silo.Number}");
                }
            }

            if (attempt == AttemptsMax) Auditor.Broken($"{what} of {subject} was asked {attempt} times and never answered");
            if (Auditor.BrokenPromise is not null) await new TaskCompletionSource().Task;
            await world.Timeline.Delay(dice.Wait(TimeSpan.FromSeconds(4)));
        }
    }

    /// <summary>The silo that most ask about this subject, or any; null where that one is down.</summary>
    private Silo? Choose(string subject)
    {
        if (!dice.Happens(world.Setting.Affinity)) return dice.OneOf(world.Silos);
        var sum = 0;
        foreach (var character in subject) sum += character;
        for (var i = 0; i < world.Silos.Count; i++)
        {
            var silo = world.Silos[(sum + i) % world.Silos.Count];
            if (silo.Grains is not null) return silo;
        }

        return null;
    }

    /// <summary>A key of its own, or none; seldom one that another content was sent under.</summary>
    private RequestKey? Key(string content, double share = 0.6)
    {
        if (!dice.Happens(share)) return null;
        var key = dice.Happens(0.03) && _requests > 0 ? _requests : ++_requests;
        return Sent(new RequestKey { Key = $"k-{number}-{key}-{content[..content.IndexOf(' ', StringComparison.Ordinal)]}", Fingerprint = content });
    }

    private RequestKey Sent(RequestKey key)
    {
        Auditor.Sending(key);
        return key;
    }

    private string Shopper() => $"s-{dice.Below(world.Setting.Shoppers)}";

    private string? CampaignOf(CampaignKind kind)
    {
        var ids = Auditor.Campaigns.Values.Where(campaign => (kind == CampaignKind.Bargain ? campaign.Terms?.Bargain : campaign.Terms?.GroupBuy) is not null).Select(campaign => campaign.Id).ToArray();
        return ids.Length == 0 ? null : dice.OneOf(ids[Math.Max(0, ids.Length - 3)..]);
    }

    /// <summary>Mostly one of the last ones, where something still happens.</summary>
    private T? Recent<T>(List<T> all)
        where T : class => all.Count == 0 ? null : all[dice.Happens(0.8) ? all.Count - 1 - dice.Below(Math.Min(all.Count, 6)) : dice.Below(all.Count)];

    private void Note<T>(string what, string subject, Outcome outcome, T refusal)
        where T : struct, Enum => world.Trace.Note($"client {number}: {what} {subject}: {outcome} {refusal}");
}
