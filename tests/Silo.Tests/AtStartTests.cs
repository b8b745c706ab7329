using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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

    [Fact]
    public async Task Who_is_asked_to_end_while_it_starts_ends()
    {
        var builder = Builder();
        builder.Services.AddHostedService<StoppedWhileStarting>();
        await using var app = builder.Build();
        var wasUp = false;
        await AtStart.Serve(app, () => Task.FromResult(wasUp = true)).WaitAsync(Waiting.Patience);
        Assert.False(wasUp);
    }

    [Fact]
    public async Task Who_is_asked_to_end_before_it_is_ready_ends_as_ever()
    {
        await using var app = Builder().Build();
        await AtStart.Serve(app, () =>
        {
            app.Lifetime.StopApplication();
            return Task.Delay(Timeout.Infinite, app.Lifetime.ApplicationStopping);
        }).WaitAsync(Waiting.Patience);
        Assert.True(app.Lifetime.ApplicationStopped.IsCancellationRequested);
    }

    [Fact]
    public async Task A_start_that_fails_is_told()
    {
        await using var app = Builder().Build();
        await Assert.ThrowsAsync<OperationCanceledException>(() => AtStart.Serve(app, () => throw new OperationCanceledException()));
    }

    private static WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        return builder;
    }

    private static Func<Task<int>> AnsweredAt(int tryNumber)
    {
        var tries = 0;
        return () => ++tries < tryNumber ? Task.FromException<int>(new TimeoutException()) : Task.FromResult(tries);
    }

    private sealed class StoppedWhileStarting(IHostApplicationLifetime lifetime) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.StopApplication();
            return Task.Delay(Timeout.Infinite, cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("It never came up.");
    }
}
