using Npgsql;

namespace SocialCommerce.Journal;

/// <summary>Runs single statements on pooled connections and turns their faults into the journal's.</summary>
internal sealed class PostgresQueries(NpgsqlDataSource source)
{
    /// <summary>Reading may be repeated: once, as pooled connections may have been cut while nobody used them.</summary>
    /// <exception cref="JournalUnavailableException">It can't be read now.</exception>
    public async Task<T> Read<T>(string sql, NpgsqlParameter[] parameters, Func<NpgsqlDataReader, Task<T>> answer)
    {
        try
        {
            try
            {
                return await Run(sql, parameters, answer);
            }
            catch (NpgsqlException fault) when (!PostgresFaults.IsRefusal(fault))
            {
                source.Clear();
                return await Run(sql, parameters, answer);
            }
        }
        catch (NpgsqlException fault)
        {
            throw new JournalUnavailableException(PostgresFaults.Reason(fault), false, fault);
        }
    }

    /// <exception cref="JournalUnavailableException">Not written, or it says that the outcome is unknown.</exception>
    public async Task<T> Write<T>(string sql, NpgsqlParameter[] parameters, Func<NpgsqlDataReader, Task<T>> answer)
    {
        try
        {
            return await Run(sql, parameters, answer);
        }
        catch (NpgsqlException fault)
        {
            throw new JournalUnavailableException(PostgresFaults.Reason(fault), !PostgresFaults.IsRefusal(fault), fault);
        }
    }

    private async Task<T> Run<T>(string sql, NpgsqlParameter[] parameters, Func<NpgsqlDataReader, Task<T>> answer)
    {
        await using var command = source.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter.Clone());
        await using var reader = await command.ExecuteReaderAsync();
        return await answer(reader);
    }
}
