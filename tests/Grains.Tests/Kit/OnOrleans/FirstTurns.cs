using Orleans.Runtime;

namespace SocialCommerce.Grains.Tests;

/// <summary>
/// Orleans holds an activation's lock while it starts the grain and begins its first requests. A call made there waits for the lock of whom
/// it asks, so such calls must never go round: shopper to team is well, and team back to shopper as well would be a deadlock.
/// </summary>
internal sealed class FirstTurns(ILocalSiloDetails local) : IOutgoingGrainCallFilter
{
    private static readonly Lock Gate = new();

    // By types of grains, in all silos of the process.
    private static readonly HashSet<(string From, string To)> Made = [];

    /// <summary>Refuses a call that closes a circle of calls made under locks.</summary>
    public static void Watch(ISiloBuilder silo) => silo.AddOutgoingGrainCallFilter<FirstTurns>();

    public Task Invoke(IOutgoingGrainCallContext context)
    {
        // A test that asks another silo from within a grain's read is no grain.
        if (context.SourceContext is { } source && Equals(source.Address.SiloAddress, local.SiloAddress) && Monitor.IsEntered(source))
            Add($"{source.GrainId.Type}", $"{context.TargetId.Type}");
        return context.Invoke();
    }

    private static void Add(string from, string to)
    {
        lock (Gate)
        {
            if (Reaches(to, from, [])) throw new InvalidOperationException($"{from} asks {to} in its first turn, and {to} asks {from} in its own: both may wait for ever.");
            Made.Add((from, to));
        }
    }

    private static bool Reaches(string from, string to, HashSet<string> seen) =>
        from == to || (seen.Add(from) && Made.Where(call => call.From == from).Any(call => Reaches(call.To, to, seen)));
}
