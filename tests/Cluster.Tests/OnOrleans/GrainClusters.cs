using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;
using Orleans.TestingHost;
using Orleans.Timers;
using SocialCommerce.Grains;
using SocialCommerce.Journal;
using SocialCommerce.Silo;

namespace SocialCommerce.Cluster.Tests;

/// <summary>Silos by Orleans' TestingHost, with the journal on PostgreSQL where there is one, and otherwise in memory.</summary>
internal static class GrainClusters
{
    /// <param name="reminders">Whether any ring.</param>
    public static async Task<GrainCluster> Open(int silos, bool reminders = true)
    {
        var cluster = new TestingHostCluster(silos, reminders);
        try
        {
            await cluster.Deploy();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private sealed class TestingHostCluster : GrainCluster
    {
        // Enough for several to live on each silo.
        private const int DeadlineShards = 6;

        private readonly ThrowawayPostgres? _postgres;
        private readonly string? _connection;
        private readonly bool _reminders;
        private readonly InProcessTestCluster _cluster;

        public TestingHostCluster(int silos, bool reminders)
        {
            _reminders = reminders;
            _postgres = PostgresBinaries.Missing is null ? ThrowawayPostgres.Start() : null;
            _connection = _postgres?.CreateDatabase();
            Journal = _connection is null
                ? new MemoryJournal(deadlineShards: DeadlineShards)
                : PostgresJournal.Open(new PostgresJournalOptions { ConnectionString = _connection, MigrateAtStart = true, DeadlineShards = DeadlineShards });
            var builder = new InProcessTestClusterBuilder((short)silos);
            builder.ConfigureHost(host => host.Logging.ClearProviders());
            builder.ConfigureSilo((_, silo) => SetUp(silo));
            builder.ConfigureClient(client => client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout));
            _cluster = builder.Build();
        }

        public override IGrainFactory Grains => _cluster.Client;

        public override IJournal Journal { get; }

        public override IReadOnlyList<int> Silos => [.. _cluster.Silos.Where(silo => silo.IsActive).Select(NumberOf)];

        // Shorter than the program's, so that a test with a killed silo is soon over.
        private static TimeSpan ResponseTimeout => TimeSpan.FromSeconds(5);

        public Task Deploy() => _cluster.DeployAsync();

        public override int? SiloOf(IAddressable grain) =>
            _cluster.TryGetGrainContext(grain.GetGrainId(), out var context)
                ? _cluster.Silos.Where(silo => silo.SiloAddress.Equals(context.Address.SiloAddress)).Select(silo => (int?)NumberOf(silo)).FirstOrDefault()
                : null;

        public override Task Deactivate(IAddressable grain) => SiloOf(grain) is null ? Task.CompletedTask : _cluster.DeactivateAsync(grain);

        public override async Task Migrate(IAddressable grain, int silo)
        {
            if (SiloOf(grain) is null) return;
            // Of a grain that goes by itself meanwhile, and comes up there, the TestingHost would wait for a move that never comes.
            var moving = _cluster.MigrateAsync(grain, Handle(silo).SiloAddress);
            await Waiting.Until(() => Task.FromResult(moving.IsCompleted || SiloOf(grain) == silo), $"{grain} has moved");
        }

        public override Task Kill(int silo) => _cluster.KillSiloAsync(Handle(silo));

        public override Task Stop(int silo) => _cluster.StopSiloAsync(Handle(silo));

        public override Task Start() => _cluster.StartAdditionalSiloAsync();

        public override async ValueTask DisposeAsync()
        {
            await _cluster.DisposeAsync();
            await Journal.DisposeAsync();
            _postgres?.Dispose();
        }

        private static int NumberOf(InProcessSiloHandle silo) => silo.InstanceNumber;

        private InProcessSiloHandle Handle(int silo) => _cluster.Silos.Single(handle => NumberOf(handle) == silo);

        // What a silo of the program has, but for membership and messages, which the TestingHost brings.
        private void SetUp(ISiloBuilder silo)
        {
            var services = silo.Services;
            if (_connection is null) services.AddSingleton(Journal);
            else services.AddPostgresJournal(_connection);
            services.AddSocialCommerceGrains();
            services.Configure<EngineOptions>(options =>
            {
                options.ShareKey = Convert.ToBase64String(new byte[32]);
                options.DurationSecondsMin = 1;
                options.CampaignCacheMilliseconds = SiloCommand.CampaignCacheMillisecondsDefault;
                options.ConfirmMilliseconds = SiloCommand.ConfirmMillisecondsDefault;
            });
            if (_reminders)
            {
                silo.AddReminders();
                services.AddSingleton<IReminderTable>(provider => new DocumentReminderTable(provider.GetRequiredService<IJournal>().Documents));
            }
            else
            {
                services.AddSingleton<IReminderRegistry, NoReminders>();
            }

            services.AddGrainStorage(GrainsRegistration.SnapshotStore, (provider, _) => new DocumentGrainStorage(provider.GetRequiredService<IJournal>().Documents));
            services.AddHostedService<ShardWatch>();
            ShardPlacement.Configure(silo);
            silo.Configure<ClusterMembershipOptions>(options => options.ProbeTimeout = TimeSpan.FromSeconds(1));
            silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout);
        }
    }

    /// <summary>Takes every reminder, and rings none.</summary>
    private sealed class NoReminders : IReminderRegistry
    {
        public Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period) =>
            Task.FromResult<IGrainReminder>(new Reminder(reminderName));

        public Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder) => Task.CompletedTask;

        public Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName) => Task.FromResult<IGrainReminder?>(null);

        public Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId) => Task.FromResult(new List<IGrainReminder>());

        private sealed record Reminder(string ReminderName) : IGrainReminder;
    }
}
