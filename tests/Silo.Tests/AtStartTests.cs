namespace SocialCommerce.Silo.Tests;

public sealed class AtStartTests
{
    [Fact]
    public async Task A_call_that_was_given_up_is_made_again() => Assert.Equal(5, await AtStart.Ask(AnsweredAt(5)));

    [Fact]
    public async Task A_call_that_nobody_answers_is_made_five_times() => await Assert.ThrowsAsync<TimeoutException>(() => AtStart.Ask(AnsweredAt(6)));

    [Fact]
    public async Task Another_fault_is_told_at_once()
    {
        var tries = 0;
        await Assert.ThrowsAsync<InvalidOperationException>(() => AtStart.Ask(() => ++tries == 1 ? throw new InvalidOperationException() : Task.CompletedTask));
        Assert.Equal(1, tries);
    }

    private static Func<Task<int>> AnsweredAt(int tryNumber)
    {
        var tries = 0;
        return () => ++tries < tryNumber ? Task.FromException<int>(new TimeoutException()) : Task.FromResult(tries);
    }
}
