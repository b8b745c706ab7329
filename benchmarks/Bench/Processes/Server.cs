using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace SocialCommerce.Bench;

/// <summary>A server process on loopback: the engine's executable, or this program in one of its hosting modes.</summary>
internal sealed class Server : IDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(30);

    private static readonly ConcurrentDictionary<Server, bool> Living = new();

    // As it is deployed, but for bargains that last a second.
    private static readonly Dictionary<string, string> Production = new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["Logging__LogLevel__Default"] = "Warning",
        ["Api__Keys__0__Name"] = "bench",
        ["Api__Keys__0__Sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Requests.ApiKey))),
        ["Api__Keys__0__Scopes__0"] = "shopper",
        ["Api__Keys__0__Scopes__1"] = "operator",
        ["Api__Keys__0__Scopes__2"] = "payments",
        ["Engine__DurationSecondsMin"] = "1",
    };

    private readonly Process _process;
    private readonly Queue<string> _lastLines = new();

    private Server(string name, int port, Process process)
    {
        Name = name;
        Port = port;
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Living[this] = true;
    }

    public string Name { get; }
    public int Port { get; }
    public int ProcessId => _process.Id;

    /// <summary>CPU time that the process has used so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Memory that the process holds, in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Bytes that the process has sent to storage so far; null where the system does not tell.</summary>
    public long? BytesWritten
    {
        get
        {
            const string label = "write_bytes: ";
            var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/io");
            if (!File.Exists(path)) return null;
            return long.Parse(File.ReadLines(path).First(line => line.StartsWith(label, StringComparison.Ordinal)).AsSpan(label.Length), CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The engine's own executable, on SQLite or on the PostgreSQL database given; not waited for.</summary>
    /// <param name="program">Another build of it.</param>
    public static Server LaunchEngine(string dataFolder, string? postgres = null, string? program = null) => postgres is null
        ? Launch("engine on SQLite", program ?? SiloPath, ["serve", "--data", dataFolder, "--no-demo"], exec: [])
        : Launch("engine on PostgreSQL", program ?? SiloPath, ["serve", "--data", dataFolder, "--postgres", postgres, "--no-demo"], exec: []);

    /// <summary>One silo of a cluster on the PostgreSQL database given, with the API; not waited for.</summary>
    /// <param name="program">Another build of it.</param>
    public static Server LaunchSilo(string name, string postgres, string? program = null) => Launch(
        name, program ?? SiloPath, ["silo", "--silo-port", Text(FreePort()), "--gateway-port", Text(FreePort())], exec: [],
        new() { ["Cluster__ConnectionString"] = postgres, ["Cluster__AdvertisedAddress"] = "127.0.0.1", ["Engine__ShareKey"] = Convert.ToBase64String(new byte[32]) });

    /// <summary>Makes the tables of a cluster.</summary>
    /// <exception cref="BenchFaultException">They could not be made.</exception>
    public static async Task MigrateDatabase(string postgres)
    {
        using var migration = Process.Start(new ProcessStartInfo("dotnet", [SiloPath, "db", "migrate", "--connection", postgres]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await migration.StandardOutput.ReadToEndAsync() + await migration.StandardError.ReadToEndAsync();
        await migration.WaitForExitAsync();
        if (migration.ExitCode != 0) throw new BenchFaultException($"the cluster's database can't be made: {said.ReplaceLineEndings(" | ")}");
    }

    /// <summary>This program in a hosting mode, under the runtime settings of the engine's executable; not waited for.</summary>
    public static Server LaunchSelf(string name, params string[] arguments) => Launch(
        name, Path.Combine(AppContext.BaseDirectory, "SocialCommerce.Bench.dll"), arguments,
        ["exec", "--runtimeconfig", Path.ChangeExtension(SiloPath, ".runtimeconfig.json")]);

    /// <summary>Waits until it serves.</summary>
    /// <exception cref="BenchFaultException">It ended or did not get ready; with its last lines.</exception>
    public async Task<Server> Ready()
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < StartPatience)
        {
            if (_process.HasExited) throw Fault("ended");
            try
            {
                using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{Port}/health/ready"));
                if (answer.IsSuccessStatusCode) return this;
            }
            catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
            {
                // Not there yet.
            }

            // Another process tells nobody that it is ready.
            await Task.Delay(20);
        }

        throw Fault($"was not ready after {StartPatience.TotalSeconds} s");
    }

    /// <summary>Waits until what its last load left to do (feed readers, checkpoints) is done: it neither computes nor writes much any more.</summary>
    public async Task Settled()
    {
        for (var tries = 0; tries < 20; tries++)
        {
            var (cpu, written) = (CpuTime, BytesWritten);
            // The span over which it must be quiet.
            await Task.Delay(50);
            if (CpuTime - cpu < TimeSpan.FromMilliseconds(10) && BytesWritten == written) return;
        }
    }

    /// <summary>Ends it as a crash would: no signal handler runs.</summary>
    public void Kill()
    {
        if (_process.HasExited) return;
        _process.Kill();
        // With a limit it waits for the process alone, not for the end of its output, which may be read by the very thread that waits here.
        _process.WaitForExit(ExitPatience);
    }

    /// <summary>Has it stand still with its connections open, as a machine without power does.</summary>
    public void Freeze()
    {
        using var kill = Process.Start("kill", ["-STOP", Text(ProcessId)]);
        kill.WaitForExit();
        if (kill.ExitCode != 0) throw Fault("can't be frozen");
    }

    /// <exception cref="BenchFaultException">Always when the process has ended by itself.</exception>
    public void ThrowIfEnded()
    {
        if (_process.HasExited) throw Fault("ended");
    }

    // What it holds is thrown away with its folder: nothing needs an orderly end.
    public void Dispose()
    {
        Living.TryRemove(this, out _);
        Kill();
        _process.Dispose();
    }

    /// <summary>Ends every server that still lives, when the run is stopped.</summary>
    public static void KillAll()
    {
        foreach (var server in Living.Keys) server.Kill();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // Beside this program's own output folder.
    public static string SiloPath => Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "Silo", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "SocialCommerce.Silo.dll"));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Server Launch(string name, string program, IEnumerable<string> arguments, IEnumerable<string> exec, Dictionary<string, string>? settings = null)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet", [.. exec, program, .. arguments, "--port", Text(port)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (setting, value) in Production.Concat(settings ?? [])) start.Environment[setting] = value;
        // Set for the load generator alone.
        start.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS");
        return new Server(name, port, Process.Start(start) ?? throw new BenchFaultException($"{name} did not start"));
    }

    private BenchFaultException Fault(string what)
    {
        lock (_lastLines) return new BenchFaultException($"{Name} {what}: {string.Join(" | ", _lastLines)}");
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > 12) _lastLines.Dequeue();
        }
    }
}
