namespace SocialCommerce.Integrator;

/// <summary>The run can't go on; the message is one line, fit to be shown.</summary>
internal sealed class SampleException(string message, int exitCode = 1, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>1: the engine refused or could not be reached; 2: the command line is wrong.</summary>
    public int ExitCode { get; } = exitCode;
}
