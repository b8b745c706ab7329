using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orleans.Runtime;
using SocialCommerce.Silo;

namespace SocialCommerce.Cluster.Tests;

/// <summary>Who says no more in the membership table that it lives, on a real table without real silos.</summary>
public sealed class StaleSilosTests : IAsyncLifetime
{
    private const int LooksInVain = 9;
    private const int Joining = 2, Active = 3, ShuttingDown = 4, Dead = 6;

    private ThrowawayPostgres? _postgres;
    private NpgsqlDataSource _database = null!;
    private StaleSilos _stale = null!;

    public async Task InitializeAsync()
    {
        if (PostgresBinaries.Missing is not null) return;
        _postgres = ThrowawayPostgres.Start();
        var connection = _postgres.CreateDatabase();
        await DbCommand.Run(["migrate", "--connection", connection], TextWriter.Null);
        _database = NpgsqlDataSource.Create(connection);
        _stale = new StaleSilos(Settings(connection), new Self(), TimeProvider.System, NullLogger<StaleSilos>.Instance);
        await Do("INSERT INTO orleans.membership_version (deployment_id) VALUES ('shop'), ('another')");
        await Add("shop", 1, Active);
    }

    public async Task DisposeAsync()
    {
        _stale?.Dispose();
        if (_database is not null) await _database.DisposeAsync();
        _postgres?.Dispose();
    }

    [PostgresFact]
    public async Task Who_says_nothing_is_declared_dead_and_the_tables_version_counts_it()
    {
        await Add("shop", 2, Active);
        await Add("shop", 3, ShuttingDown);
        await Add("shop", 4, Joining);
        await Add("another", 5, Active);

        for (var looks = 0; looks < LooksInVain; looks++) Assert.Empty(await _stale.Look(_database, default));
        Assert.Equal([2, 3], (await _stale.Look(_database, default)).Select(silo => silo.Port).Order());

        Assert.Equal([Active, Dead, Dead, Joining, Active], await Statuses());
        Assert.Equal(2, await Of<int>("SELECT version FROM orleans.membership_version WHERE deployment_id = 'shop'"));
        Assert.Empty(await _stale.Look(_database, default));
    }

    [PostgresFact]
    public async Task Who_says_something_between_two_looks_is_let_be_whatever_its_clock()
    {
        await Add("shop", 2, Active);
        for (var word = 0; word < 4; word++)
        {
            for (var looks = 0; looks < LooksInVain; looks++) Assert.Empty(await _stale.Look(_database, default));
            await Do("UPDATE orleans.membership SET i_am_alive_time = i_am_alive_time - interval '1 hour' WHERE port = 2");
        }

        Assert.Equal([Active, Active], await Statuses());
    }

    [PostgresFact]
    public async Task Looks_that_the_database_did_not_answer_do_not_count()
    {
        await Add("shop", 2, Active);
        Assert.Empty(await _stale.Look(_database, default));
        await using var away = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=postgres;Timeout=1");
        for (var looks = 0; looks < 3 * LooksInVain; looks++) await Assert.ThrowsAnyAsync<NpgsqlException>(() => _stale.Look(away, default));

        for (var looks = 1; looks < LooksInVain; looks++) Assert.Empty(await _stale.Look(_database, default));
        Assert.Equal([Active, Active], await Statuses());
    }

    [PostgresFact]
    public async Task Each_look_says_that_this_silo_lives()
    {
        var before = await Of<DateTime>("SELECT i_am_alive_time FROM orleans.membership WHERE port = 1");
        await _stale.Look(_database, default);
        Assert.True(await Of<DateTime>("SELECT i_am_alive_time FROM orleans.membership WHERE port = 1") > before);
    }

    private async Task Add(string cluster, int port, int status) =>
        await Do($"""
            INSERT INTO orleans.membership (deployment_id, address, port, generation, silo_name, host_name, status, start_time, i_am_alive_time)
            VALUES ('{cluster}', '127.0.0.1', {port}, 7, 'silo', 'host', {status}, now(), now() - interval '1 day')
            """);

    private async Task<List<int>> Statuses()
    {
        var statuses = new List<int>();
        await using var command = _database.CreateCommand("SELECT status FROM orleans.membership ORDER BY port");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) statuses.Add(reader.GetInt32(0));
        return statuses;
    }

    private async Task Do(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<T> Of<T>(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static ClusterSettings Settings(string connection) => new()
    {
        ConnectionString = connection, ClusterId = "shop", ServiceId = "shop", SiloPort = 1, GatewayPort = 2, AdvertisedAddress = IPAddress.Loopback,
        ProbeSeconds = 2, DrainSeconds = 0, MemoryPercent = 80, Dashboard = false, Tls = null,
    };

    private sealed class Self : ILocalSiloDetails
    {
        public string Name => "self";
        public string ClusterId => "shop";
        public string DnsHostName => "localhost";
        public SiloAddress SiloAddress { get; } = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 7);
        public SiloAddress GatewayAddress => SiloAddress;
    }
}
