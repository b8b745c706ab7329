using System.Globalization;
using System.Text.Json;
using SocialCommerce.Rehearsal.Auditing;
using SocialCommerce.Rehearsal.Graphs;
using SocialCommerce.Rehearsal.Http;
using SocialCommerce.Rehearsal.Play;
using SocialCommerce.Rehearsal.Records;
using SocialCommerce.Rehearsal.Reporting;

namespace SocialCommerce.Rehearsal;

/// <summary>The command <c>rehearse</c>: plays campaigns over a friendship graph against a running engine, reports, and audits.</summary>
public static class RehearsalCommand
{
    private const int Holds = 0;
    private const int Broken = 1;
    private const int Failed = 2;

    // A typing error in the address should not cost a minute; an engine that is just starting should not fail.
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(15);

    /// <summary>Plays, reports and audits as <paramref name="args"/> say; everything it has to say goes to <paramref name="output"/>.</summary>
    /// <returns>0 when the audit holds, 1 when a rule is broken, 2 on usage or connection errors, which are told in one line.</returns>
    public static async Task<int> Run(IReadOnlyList<string> args, TextWriter output, CancellationToken ct)
    {
        using var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(5) };
        return await Run(args, output, handler, TimeProvider.System, Settle, ct);
    }

    /// <summary>As above, over a given transport and clock, and with another time for the engine's feed and projections to settle.</summary>
    internal static async Task<int> Run(
        IReadOnlyList<string> args, TextWriter output, HttpMessageHandler handler, TimeProvider clock, TimeSpan settle, CancellationToken ct)
    {
        // The progress is told beside what else there is to say.
        output = TextWriter.Synchronized(output);
        try
        {
            var options = RehearsalOptions.Parse(args);
            if (options.Help)
            {
                await output.WriteLineAsync(RehearsalOptions.Usage);
                return Holds;
            }

            using var http = new HttpClient(new SpreadHandler(options.Urls, handler), disposeHandler: false) { BaseAddress = options.Urls[0], Timeout = Timeout.InfiniteTimeSpan };
            var api = new EngineApi(new EngineClient(http, options.Key, TimeSpan.FromSeconds(options.PatienceSeconds), clock));
            return options.AuditOnly
                ? await AuditRecord(options, output, api, clock, settle, ct)
                : await Rehearse(options, output, api, http, clock, settle, ct);
        }
        catch (UsageException e)
        {
            await output.WriteLineAsync($"rehearse: {e.Message}");
        }
        catch (EngineAwayException e)
        {
            await output.WriteLineAsync($"rehearse: {e.Message}");
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await output.WriteLineAsync("rehearse: stopped before the audit");
        }

        return Failed;
    }

    private static async Task<int> Rehearse(
        RehearsalOptions options, TextWriter output, EngineApi api, HttpClient http, TimeProvider clock, TimeSpan settle, CancellationToken ct)
    {
        var graph = options.GraphFile is { } file ? FriendGraphFile.Read(file) : SmallWorld.Of(options.Shoppers, options.Seed);
        await Knock(new EngineApi(new EngineClient(http, options.Key, FirstPatience, clock)), ct);
        using var ledger = Ledger.Open(options.RecordFile);
        var runId = options.RunId ?? NewRunId(clock.GetUtcNow());
        var stage = new Stage(options, runId, graph, api, ledger, clock, ct);
        var performance = new Performance(stage, line => output.WriteLineAsync(line));
        await performance.Run();

        var (findings, evidence) = await Auditor(options, api, clock, settle, ct).Run(new Facts(ledger.Entries));
        var report = Reporter.Of(stage, performance, evidence);
        await output.WriteAsync(ReportText.Of(report));
        return await Tell(options, output, report, findings, evidence.Facts.UnknownCount);
    }

    private static async Task<int> AuditRecord(
        RehearsalOptions options, TextWriter output, EngineApi api, TimeProvider clock, TimeSpan settle, CancellationToken ct)
    {
        using var ledger = Ledger.Load(options.RecordFile!);
        await Knock(api, ct);
        var facts = new Facts(ledger.Entries);
        await output.WriteLineAsync($"{ledger.Entries.Count} entries over {facts.Campaigns.Count} campaigns in {options.RecordFile}");
        var (findings, evidence) = await Auditor(options, api, clock, settle, ct).Run(facts);
        return await Tell(options, output, null, findings, evidence.Facts.UnknownCount);
    }

    private static Audit Auditor(RehearsalOptions options, EngineApi api, TimeProvider clock, TimeSpan settle, CancellationToken ct) =>
        new(new EvidenceReader(api, clock, options.Concurrency, options.Sample, ct), clock, settle, ct);

    private static async Task<int> Tell(RehearsalOptions options, TextWriter output, Report? report, Findings findings, int unknown)
    {
        await output.WriteAsync(ReportText.Of(findings, unknown));
        if (options.JsonFile is { } path)
        {
            var audit = new
            {
                holds = findings.Hold,
                checks = findings.Checks,
                rules = findings.ByRule.Select(r => new { rule = r.Rule.Name, says = r.Rule.Says, @checked = r.Checked, broken = r.Broken }),
                breaches = findings.Breaches,
                notes = findings.Notes,
            };
            try
            {
                await File.WriteAllTextAsync(path, JsonSerializer.Serialize(new { report, audit }, Json.Indented));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new UsageException($"--json {path}: {e.Message}");
            }
        }

        return findings.Hold ? Holds : Broken;
    }

    /// <summary>Is somebody there, and is the key taken?</summary>
    private static async Task Knock(EngineApi api, CancellationToken ct)
    {
        var answer = await api.Ready(ct);
        if (answer.Outcome != Outcome.Done) throw new UsageException($"{api.Client.Url} answered {answer.Detail}");
    }

    private static string NewRunId(DateTimeOffset now)
    {
        const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";
        var left = now.ToUnixTimeMilliseconds();
        var id = "";
        for (; left > 0; left /= 36) id = Digits[(int)(left % 36)].ToString(CultureInfo.InvariantCulture) + id;
        return id;
    }
}
