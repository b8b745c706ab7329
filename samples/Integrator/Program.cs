using SocialCommerce.Integrator;

const string usage = """
    integrator [bargain|team|all] [--run NAME]    plays a bargain, a team, or both; the same NAME again repeats every call
    integrator events [--after CURSOR]            reads the feed from a cursor to its end
    The cluster: --Cluster:ConnectionString=... or Cluster__ConnectionString in the environment.
    """;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};

try
{
    var wish = Wish.From(args, TimeProvider.System.GetUtcNow());
    if (wish.Play == Play.Usage)
    {
        Console.WriteLine(usage);
        return 0;
    }

    await using var cluster = await ClusterConnection.Open(args, stop.Token);
    var calls = new Calls(TimeProvider.System, new Random(), Console.Error, stop.Token);
    if (wish.Play is Play.Bargain or Play.All) await new BargainPlay(cluster.Grains, calls, wish.Run, Console.Out).Run();
    if (wish.Play is Play.Team or Play.All) await new TeamPlay(cluster.Grains, calls, wish.Run, Console.Out).Run();
    if (wish.Play is Play.Events) await new EventsPlay(cluster.Grains, calls, Console.Out).Run(wish.After);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}
catch (SampleException fault)
{
    await Console.Error.WriteLineAsync($"integrator: {fault.Message}");
    return fault.ExitCode;
}
