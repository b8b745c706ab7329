namespace SocialCommerce.Silo.Tests;

public sealed class DrainTests
{
    [Fact]
    public async Task Long_answers_last_until_the_wait_is_over_and_readiness_does_not()
    {
        var isReady = true;
        using var impatience = new CancellationTokenSource();
        using var drain = new Drain(() => isReady = false, TimeSpan.FromHours(1), TimeProvider.System);
        var waiting = drain.StoppingAsync(impatience.Token);
        Assert.Equal((false, false, false), (isReady, drain.End.IsCancellationRequested, waiting.IsCompleted));

        await impatience.CancelAsync();
        await waiting;
        Assert.True(drain.End.IsCancellationRequested);
    }
}
