using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SocialCommerce.TestSupport;

/// <summary>The built program, running as a process of its own: a silo or an API. Gone with <see cref="DisposeAsync"/>, also when it is frozen.</summary>
public sealed class EngineProcess : IAsyncDisposable
{
    private const int FirstPort = 12_000;
    private const int PortsInAll = 18_000;
    private const int PortsOfProcess = 97;

    private static int _ports;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private EngineProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Where it listens for HTTP.</summary>
    public Uri Address { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>What it has written so far.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <param name="dll">The program.</param>
    /// <param name="port">Its HTTP port, given as <c>--port</c>.</param>
    /// <param name="arguments">The command and its options.</param>
    /// <param name="environment">Beside this process's own.</param>
    public static EngineProcess Start(string dll, int port, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        string[] all = [dll, .. arguments, "--port", port.ToString(CultureInfo.InvariantCulture)];
        return new EngineProcess(Process.Start(InfoOf(all, environment))!, new Uri($"http://127.0.0.1:{port}"));
    }

    /// <summary>Runs a command of the program to its end.</summary>
    public static async Task<(int Code, string Output, string Errors)> Run(string dll, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        using var process = Process.Start(InfoOf([dll, .. arguments], environment))!;
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()).WaitAsync(Waiting.Patience);
        await process.WaitForExitAsync().WaitAsync(Waiting.Patience);
        return (process.ExitCode, texts[0], texts[1]);
    }

    /// <summary>
    /// A port for a process or a silo to be started, never the same one twice. Below those that the system gives away: one of these may be taken by
    /// any connection, or be another test's, before whoever it is for comes to listen.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = FirstPort + (Interlocked.Increment(ref _ports) + Environment.ProcessId * PortsOfProcess) % PortsInAll;
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's: the next one.
            }
        }
    }

    /// <exception cref="InvalidOperationException">It ended instead; says what it wrote.</exception>
    public Task UntilReady() => Waiting.Until(async () =>
    {
        if (HasExited) throw new InvalidOperationException($"{Address} ended with {_process.ExitCode}: {Output}");
        return await Ready() == 200;
    }, $"{Address} is ready");

    /// <summary>The status of its readiness; null when it does not answer.</summary>
    public async Task<int?> Ready()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(Address, "/health/ready"));
            return (int)answer.StatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            // Not there yet, no longer there, or frozen: all of them are no answer.
            return null;
        }
    }

    /// <param name="name">As <c>kill</c> knows it: TERM, KILL, STOP, CONT.</param>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)])!;
        kill.WaitForExit();
        if (kill.ExitCode != 0 && !HasExited) throw new InvalidOperationException($"kill -{name} ended with {kill.ExitCode}.");
    }

    /// <summary>Its exit code, when it has ended.</summary>
    /// <exception cref="TimeoutException">It goes on and on.</exception>
    public async Task<int> Exit()
    {
        await _process.WaitForExitAsync().WaitAsync(Waiting.Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
        {
            // Also of a frozen process this is the end.
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _http.Dispose();
    }

    private void Take(string? line)
    {
        lock (_output) _output.AppendLine(line);
    }

    private static ProcessStartInfo InfoOf(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var info = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) info.Environment[name] = value;
        return info;
    }
}
