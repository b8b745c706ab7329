using System.Reflection;
using System.Text.RegularExpressions;
using Npgsql;
using SocialCommerce.Journal;
using SocialCommerce.TestSupport;

namespace SocialCommerce.Architecture.Tests;

/// <summary>The statements that the pages tell operators to run do run, on a database as <c>db migrate</c> makes it.</summary>
public sealed partial class DocSqlTests
{
    [PostgresFact]
    public async Task Every_statement_of_the_pages_runs()
    {
        using var server = ThrowawayPostgres.Start();
        var connection = server.CreateDatabase();
        await using var database = NpgsqlDataSource.Create(connection);
        PostgresSchema.Migrate(database);
        Assembly.Load("SocialCommerce.Silo").GetType("SocialCommerce.Silo.OrleansSchema", throwOnError: true)!.GetMethod("Migrate")!.Invoke(null, [database]);

        var statements = new[] { "docs/runbook.md", "docs/integrators.md" }.SelectMany(page => Statements(Repository.Text(page)).Select(sql => (Page: page, Sql: sql))).ToArray();
        Assert.True(statements.Length > 6, "The statements were not found.");
        foreach (var (page, sql) in statements)
        {
            var fault = await Runs(database, sql);
            Assert.True(fault is null, $"{page}: {fault}\n{sql}");
        }

        // What integrators are given is enough to find the silos, and no more.
        await using var integrator = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { Username = "integrator", Password = "…", SearchPath = "orleans" }.ConnectionString);
        Assert.Null(await Runs(integrator, "SELECT * FROM orleansquery; SELECT * FROM membership; SELECT * FROM membership_version"));
        Assert.Contains("permission denied", await Runs(integrator, "DELETE FROM membership"), StringComparison.Ordinal);
        Assert.Contains("permission denied", await Runs(integrator, "SELECT * FROM journal.events"), StringComparison.Ordinal);
    }

    /// <summary>Fenced blocks, and what stands in <c>db -c "…"</c>.</summary>
    private static IEnumerable<string> Statements(string page) =>
        Fenced().Matches(page).Concat(Inline().Matches(page)).Select(match => match.Groups[1].Value);

    /// <summary>Null, or why not.</summary>
    private static async Task<string?> Runs(NpgsqlDataSource database, string sql)
    {
        try
        {
            // The texts are our own pages'.
            await using var command = database.CreateCommand();
#pragma warning disable CA2100
            command.CommandText = sql;
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync();
            return null;
        }
        catch (PostgresException refusal)
        {
            return refusal.MessageText;
        }
    }

    [GeneratedRegex("(?s)```sql\n(.*?)```")]
    private static partial Regex Fenced();

    [GeneratedRegex("db -c \"([^\"]+)\"")]
    private static partial Regex Inline();
}
