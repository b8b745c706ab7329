namespace SocialCommerce.Rehearsal;

/// <summary>The command <c>rehearse</c>: plays campaigns over a friendship graph against a running engine, reports, and audits.</summary>
public static class RehearsalCommand
{
    /// <summary>Plays, reports and audits as <paramref name="args"/> say; everything it has to say goes to <paramref name="output"/>.</summary>
    /// <returns>0 when the audit holds, 1 when a rule is broken, 2 on usage or connection errors, which are told in one line.</returns>
    public static async Task<int> Run(IReadOnlyList<string> args, TextWriter output, CancellationToken ct)
    {
        try
        {
            var options = RehearsalOptions.Parse(args);
            if (options.Help)
            {
                await output.WriteLineAsync(RehearsalOptions.Usage.AsMemory(), ct);
                return 0;
            }

            throw new UsageException("the play is not written yet");
        }
        catch (UsageException e)
        {
            await output.WriteLineAsync($"rehearse: {e.Message}");
            return 2;
        }
    }
}
