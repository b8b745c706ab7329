namespace SocialCommerce.Simulation.Tests;

public sealed class SimulationTests
{
    [Fact(Skip = "A seeded order of turns under virtual time needs the embedded engine.")]
    public void Every_seed_keeps_what_the_rules_promise()
    {
    }
}

internal static class Program
{
    private static int Main()
    {
        Console.Error.WriteLine("The simulation needs the embedded engine: ./simulate, or -p:Engine=Embedded.");
        return 2;
    }
}
