using Microsoft.Extensions.DependencyInjection;

namespace SocialCommerce.Journal;

/// <summary>Registers the one journal of a process as <see cref="IJournal"/>. The container opens it with its first use and disposes of it.</summary>
public static class JournalServices
{
    /// <summary>Nothing is kept beyond the process.</summary>
    public static IServiceCollection AddMemoryJournal(this IServiceCollection services, TimeProvider? time = null) =>
        services.AddSingleton<IJournal>(_ => new MemoryJournal(time));

    /// <inheritdoc cref="SqliteJournal.Open"/>
    public static IServiceCollection AddSqliteJournal(this IServiceCollection services, string path) =>
        services.AddSqliteJournal(new SqliteJournalOptions { Path = path });

    /// <inheritdoc cref="SqliteJournal.Open"/>
    public static IServiceCollection AddSqliteJournal(this IServiceCollection services, SqliteJournalOptions options) =>
        services.AddSingleton<IJournal>(_ => SqliteJournal.Open(options));

    /// <inheritdoc cref="PostgresJournal.Open"/>
    public static IServiceCollection AddPostgresJournal(this IServiceCollection services, string connectionString) =>
        services.AddPostgresJournal(new PostgresJournalOptions { ConnectionString = connectionString });

    /// <inheritdoc cref="PostgresJournal.Open"/>
    public static IServiceCollection AddPostgresJournal(this IServiceCollection services, PostgresJournalOptions options) =>
        services.AddSingleton<IJournal>(_ => PostgresJournal.Open(options));
}
