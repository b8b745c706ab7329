using System.Globalization;
using Npgsql;

namespace SocialCommerce.TestSupport;

/// <summary>A cluster of separate processes over a PostgreSQL of its own, on loopback; all of it is gone with <see cref="DisposeAsync"/>.</summary>
public sealed class ProcessCluster : IAsyncDisposable
{
    private readonly string _dll;
    private readonly ThrowawayPostgres _postgres;
    private readonly Dictionary<string, string> _environment;
    private readonly List<EngineProcess> _silos = [];
    private readonly List<EngineProcess> _others = [];
    private readonly Dictionary<EngineProcess, int> _siloPorts = [];

    private ProcessCluster(string dll, IReadOnlyDictionary<string, string> settings)
    {
        _dll = dll;
        _postgres = ThrowawayPostgres.Start();
        ConnectionString = _postgres.CreateDatabase();
        _environment = new Dictionary<string, string>(settings)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Cluster__ConnectionString"] = ConnectionString,
            ["Engine__ShareKey"] = Convert.ToBase64String(new byte[32]),
            // Many processes on few processors, and none of them for long.
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_TieredPGO"] = "0",
        };
        _environment.TryAdd("Cluster__ProbeSeconds", "2");
        _environment.TryAdd("Cluster__DrainSeconds", "0");
    }

    /// <summary>Of the journal and of Orleans' tables.</summary>
    public string ConnectionString { get; }

    public IReadOnlyList<EngineProcess> Silos => _silos;

    /// <param name="dll">The built program.</param>
    /// <param name="silos">How many to begin with.</param>
    /// <param name="settings">Environment of every process, beside what makes it a cluster.</param>
    /// <param name="withApi">Whether the silos serve the API.</param>
    public static async Task<ProcessCluster> Open(string dll, int silos, IReadOnlyDictionary<string, string> settings, bool withApi = true)
    {
        var cluster = new ProcessCluster(dll, settings);
        try
        {
            var (code, output, errors) = await EngineProcess.Run(dll, ["db", "migrate"], cluster._environment);
            if (code != 0) throw new InvalidOperationException($"The database was not made: {output}{errors}");
            for (var i = 0; i < silos; i++) cluster.AddSilo(withApi);
            await Task.WhenAll(cluster._silos.Select(silo => silo.UntilReady()));
            await cluster.UntilAllKnowAll();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more silo; ready when this returns.</summary>
    public async Task<EngineProcess> StartSilo()
    {
        var silo = AddSilo(withApi: true);
        await silo.UntilReady();
        return silo;
    }

    /// <summary>Starts the API as a client of the cluster; ready when this returns.</summary>
    public async Task<EngineProcess> StartApi()
    {
        var api = EngineProcess.Start(_dll, EngineProcess.FreePort(), ["api"], _environment);
        _others.Add(api);
        await api.UntilReady();
        return api;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _silos.Concat(_others)) await process.DisposeAsync();
        _postgres.Dispose();
    }

    /// <summary>Whether the others have written down that a silo is dead.</summary>
    public async Task<bool> IsDeclaredDead(EngineProcess silo)
    {
        const int Dead = 6;
        await using var database = NpgsqlDataSource.Create(ConnectionString);
        await using var ask = database.CreateCommand("SELECT status FROM orleans.membership WHERE port = $1");
        ask.Parameters.Add(new NpgsqlParameter<int> { TypedValue = _siloPorts[silo] });
        return await ask.ExecuteScalarAsync() is Dead;
    }

    // A silo that does not know another yet makes grains that the other has as well; until it does, one of the two may show what is old.
    private Task UntilAllKnowAll() => Waiting.Until(
        () => Task.FromResult(_silos.All(silo => silo.Output.Split('\n') is var lines && _siloPorts.Values.All(port => Array.Exists(lines, line => TellsOf(port, line))))),
        "every silo has told that all of them have joined");

    private static bool TellsOf(int siloPort, string line) =>
        line.Contains($"-{Text(siloPort)} (", StringComparison.Ordinal) && line.Contains("has joined", StringComparison.Ordinal);

    private EngineProcess AddSilo(bool withApi)
    {
        var siloPort = EngineProcess.FreePort();
        List<string> arguments = ["silo", "--silo-port", Text(siloPort), "--gateway-port", Text(EngineProcess.FreePort())];
        if (!withApi) arguments.Add("--no-api");
        var silo = EngineProcess.Start(_dll, EngineProcess.FreePort(), arguments, _environment);
        _silos.Add(silo);
        _siloPorts.Add(silo, siloPort);
        return silo;
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
