using Npgsql;
using SocialCommerce.Journal;

namespace SocialCommerce.Silo;

/// <summary>Makes or checks everything that a cluster keeps in PostgreSQL: the journal and Orleans' own tables.</summary>
internal static class DbCommand
{
    private const string Usage = "socialcommerce db migrate|check [--connection STRING] [--deadline-shards N]";

    public static async Task<int> Run(IReadOnlyList<string> args, TextWriter output)
    {
        if (args is not [var verb, ..] || verb is not ("migrate" or "check")) throw new SiloFaultException($"say migrate or check. Usage: {Usage}");
        var arguments = new Arguments([.. args.Skip(1)], ["--connection", "--deadline-shards"], []);
        var shards = arguments.Whole("--deadline-shards", 1, 1_024);
        arguments.ThrowIfFaulty(Usage);

        // The settings of the other commands, from the same places.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        var connection = arguments.Text("--connection") ?? builder.Configuration["Cluster:ConnectionString"];
        await using var database = Open(connection);
        try
        {
            if (verb == "migrate")
            {
                PostgresSchema.Migrate(database, shards ?? PostgresJournalOptions.DeadlineShardsDefault);
                OrleansSchema.Migrate(database);
            }

            string[] faults = [.. PostgresSchema.Check(database), .. OrleansSchema.Check(database)];
            foreach (var fault in faults) await output.WriteLineAsync($"WRONG  {fault}");
            if (faults.Length == 0) await output.WriteLineAsync($"The database is fit: journal version {PostgresSchema.Version}, Orleans' tables version {OrleansSchema.Version}.");
            return faults.Length == 0 ? 0 : 1;
        }
        catch (NpgsqlException fault)
        {
            throw new SiloFaultException($"the database can't be used: {fault.Message}{(fault.InnerException is { } inner ? $" ({inner.Message})" : "")}", fault);
        }
    }

    private static NpgsqlDataSource Open(string? connection)
    {
        if (string.IsNullOrWhiteSpace(connection)) throw new SiloFaultException("no database was named: give --connection or Cluster__ConnectionString");
        if (ConnectionText.FaultOf(connection) is { } fault) throw new SiloFaultException($"the connection string {fault}");
        return NpgsqlDataSource.Create(connection);
    }
}
