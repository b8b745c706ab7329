using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace SocialCommerce.TestSupport;

/// <summary>
/// A PostgreSQL cluster of one test run's own: on loopback, in a temporary folder, gone with <see cref="Dispose"/>. Durable like a real one.
/// </summary>
public sealed class ThrowawayPostgres : IDisposable
{
    // More than pg_ctl's own.
    private static readonly TimeSpan ServerPatience = TimeSpan.FromSeconds(320);

    private readonly string _folder;
    private readonly string _settings;
    private int _databases;

    private ThrowawayPostgres(string folder, int port, string settings)
    {
        _folder = folder;
        Port = port;
        _settings = settings;
    }

    public int Port { get; }

    /// <summary>Of the cluster's own database, as its superuser.</summary>
    public string AdminConnectionString => ConnectionStringOf("postgres");

    private string Data => Path.Combine(_folder, "data");

    private string LogFile => Path.Combine(_folder, "log");

    /// <summary>Makes a cluster and starts it. As root it runs as the user postgres.</summary>
    /// <param name="settings">Further server settings, such as <c>shared_buffers=1GB</c>.</param>
    /// <exception cref="InvalidOperationException">No PostgreSQL here, or it did not start; says why.</exception>
    public static ThrowawayPostgres Start(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("postgres-").FullName;
        var cluster = new ThrowawayPostgres(folder, EngineProcess.FreePort(), string.Join(' ', settings.Select(setting => "-c " + setting)));
        try
        {
            if (Environment.IsPrivilegedProcess) Run("chown", ["postgres", folder], ServerPatience);
            cluster.RunServerProgram("initdb", "-D", cluster.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-instructions");
            cluster.StartServer();
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>A new, empty database; its connection string.</summary>
    public string CreateDatabase()
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        using var admin = NpgsqlDataSource.Create(AdminConnectionString);
        using var create = admin.CreateCommand($"CREATE DATABASE {name}");
        create.ExecuteNonQuery();
        return ConnectionStringOf(name);
    }

    public void StartServer() => RunServerProgram("pg_ctl", "start", "-w", "-t", "300", "-D", Data, "-l", LogFile, "-o",
        $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 {_settings}");

    /// <param name="mode"><c>smart</c>, <c>fast</c>, or <c>immediate</c>, which is as hard as a crash.</param>
    public void StopServer(string mode) => RunServerProgram("pg_ctl", "stop", "-w", "-t", "300", "-D", Data, "-m", mode);

    /// <summary>Stops and starts as if the machine had failed: without a checkpoint, by recovery from the log.</summary>
    public void Crash()
    {
        StopServer("immediate");
        StartServer();
    }

    public void Dispose()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid"))) StopServer("immediate");
        Directory.Delete(_folder, recursive: true);
    }

    // With patience: nothing is tested by how long a connection takes, and a shared machine may stand still for seconds.
    private string ConnectionStringOf(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Database={database};Username=postgres;Timeout=60");

    private void RunServerProgram(string program, params string[] arguments)
    {
        var path = Path.Combine(PostgresBinaries.Folder, program);
        try
        {
            if (Environment.IsPrivilegedProcess) Run("runuser", ["-u", "postgres", "--", path, .. arguments], ServerPatience);
            else Run(path, arguments, ServerPatience);
        }
        catch (InvalidOperationException fault) when (File.Exists(LogFile))
        {
            throw new InvalidOperationException($"{fault.Message}\n{File.ReadAllText(LogFile)}", fault);
        }
    }

    private static void Run(string program, IEnumerable<string> arguments, TimeSpan patience)
    {
        // A started server keeps what it inherits, so the output goes to a pipe that nobody reads to its end.
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        var errors = new List<string>();
        process.ErrorDataReceived += (_, line) => { lock (errors) errors.Add(line.Data ?? ""); };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        if (!process.WaitForExit(patience)) throw new InvalidOperationException($"{program} did not end within {patience}.");
        if (process.ExitCode == 0) return;
        lock (errors) throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {string.Join(' ', errors)}");
    }
}
