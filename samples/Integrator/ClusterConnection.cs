using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SocialCommerce.Integrator;

/// <summary>A client of the cluster. Calls go from here to the silos' gateways, which the client finds in the membership table.</summary>
internal sealed class ClusterConnection : IAsyncDisposable
{
    /// <summary>Gives references to grains; a reference costs nothing and never grows old.</summary>
    public required IGrainFactory Grains { get; init; }

#if ORLEANS
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(30);

    public required IHost Host { private get; init; }

    /// <summary>Connected: at least one gateway answers.</summary>
    /// <exception cref="SampleException">No connection string, or no silo within half a minute.</exception>
    public static async Task<ClusterConnection> Open(string[] args, CancellationToken stop)
    {
        var settings = args.Where(arg => arg.StartsWith("--Cluster:", StringComparison.OrdinalIgnoreCase)).ToArray();
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(settings);
        var cluster = builder.Configuration.GetSection("Cluster");
        var database = cluster["ConnectionString"] ?? throw new SampleException("Cluster:ConnectionString is missing; see --help", exitCode: 2);

        // Whoever reads this program's output wants the play; the client's own notes are for when it does not connect.
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.UseOrleansClient(client => client
            .Configure<ClusterOptions>(options =>
            {
                options.ClusterId = cluster["ClusterId"] ?? "socialcommerce";
                options.ServiceId = cluster["ServiceId"] ?? "socialcommerce";
            })
            .UseAdoNetClustering(options =>
            {
                options.Invariant = "Npgsql";
                // The silos keep their membership in a schema of its own.
                options.ConnectionString = $"{database.TrimEnd(';')};Search Path=orleans";
            })
            .UseClusterTls(cluster.GetSection("Tls"))
            .UseConnectionRetryFilter(new WhileItLasts(TimeProvider.System, ConnectPatience).Retry));

        var host = builder.Build();
        try
        {
            await host.StartAsync(stop);
            return new ClusterConnection { Host = host, Grains = host.Services.GetRequiredService<IGrainFactory>() };
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            host.Dispose();
            throw new SampleException($"the cluster can't be reached: {SampleException.InOneLine(fault)}", inner: fault);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Host.StopAsync();
        Host.Dispose();
    }

    /// <summary>Tries to connect once a second, as the silos may be starting too.</summary>
    private sealed class WhileItLasts(TimeProvider time, TimeSpan patience)
    {
        private readonly long _began = time.GetTimestamp();

        public async Task<bool> Retry(Exception fault, CancellationToken stop)
        {
            if (time.GetElapsedTime(_began) > patience) return false;
            await Task.Delay(TimeSpan.FromSeconds(1), time, stop);
            return true;
        }
    }
#else
    /// <exception cref="SampleException">Always: there is no cluster to connect to without Orleans.</exception>
    public static Task<ClusterConnection> Open(string[] args, CancellationToken stop) =>
        throw new SampleException("this was built for the embedded engine, which has no client; build it with -p:Engine=Orleans");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
#endif
}
