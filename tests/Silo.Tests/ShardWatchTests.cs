using Microsoft.Extensions.Logging.Abstractions;

namespace SocialCommerce.Silo.Tests;

public sealed class ShardWatchTests
{
    /// <summary>A background service that ends with a fault ends its process: a silo that stands still would take the others along.</summary>
    [Fact]
    public async Task A_call_that_the_engine_cancelled_ends_no_process()
    {
        var cancelling = new Cancelling();
        using var watch = new ShardWatch(cancelling, new HurriedTime(), NullLogger<ShardWatch>.Instance);

        await watch.StartAsync(CancellationToken.None);

        await Waiting.Until(() => Task.FromResult(cancelling.Rounds >= 2), "a second round");
        Assert.False(watch.ExecuteTask!.IsCompleted);
        Assert.False(watch.First.IsCompleted);
        await watch.StopAsync(CancellationToken.None);
        Assert.Equal(2, cancelling.Rounds);
    }

    private sealed class Cancelling : IServiceProvider
    {
        private int _rounds;

        public int Rounds => Volatile.Read(ref _rounds);

        public object? GetService(Type serviceType)
        {
            Interlocked.Increment(ref _rounds);
            throw new OperationCanceledException("Message expired before placement could complete");
        }
    }
}
