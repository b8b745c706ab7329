using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Hosting;
using SocialCommerce.EmbeddedSilo;

namespace SocialCommerce.Engine.Tests.EmbeddedOnly;

/// <summary>A silo whose time is moved by hand and whose turns all run here, in an order drawn from a seed.</summary>
internal sealed class Simulation : IDisposable
{
    private readonly IHost _host;

    public Simulation(int seed, Action<ISiloBuilder>? configure = null, DateTimeOffset? start = null)
    {
        Time = new VirtualTime(start ?? new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        Turns = new SeededTurns(seed);
        _host = TestSilo.Build(builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(Time);
            builder.Configure<EmbeddedSiloOptions>(options => options.Scheduler = Turns);
            configure?.Invoke(builder);
        });
        Turns.RunUntil(_host.StartAsync());
    }

    public VirtualTime Time { get; }

    public SeededTurns Turns { get; }

    public Trace Trace => _host.Services.GetRequiredService<Trace>();

    public TGrain Grain<TGrain>(string key)
        where TGrain : IGrainWithStringKey => _host.Services.GetRequiredService<IClusterClient>().GetGrain<TGrain>(key);

    /// <summary>Runs <paramref name="work"/> and all that follows from it at this instant.</summary>
    public Task Do(Func<Task> work)
    {
        var task = Turns.Start(work);
        Turns.RunUntilIdle();
        return task;
    }

    /// <summary>Lets time pass in steps, so that what each brings about happens at its time.</summary>
    public void Pass(TimeSpan span, TimeSpan step)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += step)
        {
            Time.Advance(step);
            Turns.RunUntilIdle();
        }
    }

    public void Dispose()
    {
        Turns.RunUntil(_host.StopAsync());
        _host.Dispose();
    }
}
