using Xunit.Abstractions;

namespace SocialCommerce.Simulation.Tests;

/// <summary>What proves that the auditor can say no: with a part broken on purpose, some seed soon fails, and for the right reason.</summary>
public sealed class BrokenPartTests(ITestOutputHelper output)
{
    private const int SeedsMost = 60;

    [Fact]
    public void A_store_that_loses_what_it_acknowledged_is_found_out() => IsFoundOut(static () => new LosesUnits());

    [Fact]
    public void A_store_that_keeps_a_unit_twice_is_found_out() => IsFoundOut(static () => new WritesTwice());

    [Fact]
    public void A_store_that_ignores_versions_is_found_out() => IsFoundOut(static () => new IgnoresVersions());

    [Fact]
    public void A_commit_of_a_dead_silo_that_goes_through_twice_is_found_out() => IsFoundOut(static () => new CommitsOfTheDeadTwice());

    [Fact]
    public void A_clock_that_runs_back_over_midnight_is_found_out() => IsFoundOut(static () => new ClockRunsBack());

    [Fact]
    public void An_answer_that_was_changed_on_its_way_is_found_out() => IsFoundOut(static () => new ChangesAnswers());

    private void IsFoundOut(Func<Defect> defect)
    {
        var simulator = new Simulator(firstSeed: 1, SeedsMost, threads: 1, defect) { FailuresMost = 1 };
        simulator.Run();
        Assert.True(simulator.Failed.Count > 0, $"{SeedsMost} seeds, and nobody noticed");
        output.WriteLine($"after {simulator.Done} seeds: {simulator.Failed[0].BrokenPromise}");
    }
}
