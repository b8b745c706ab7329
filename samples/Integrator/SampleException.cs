namespace SocialCommerce.Integrator;

/// <summary>The run can't go on; the message is one line, fit to be shown.</summary>
internal sealed class SampleException(string message, int exitCode = 1, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>1: the engine refused or could not be reached; 2: the command line is wrong.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>What a fault is, and what lies at its bottom.</summary>
    public static string InOneLine(Exception fault)
    {
        var root = fault.GetBaseException();
        return $"{fault.GetType().Name}: {FirstLine(fault)}{(root == fault ? "" : $" ({FirstLine(root)})")}";
    }

    /// <summary>Orleans' messages may bring a stack trace from the other side.</summary>
    private static string FirstLine(Exception fault) => fault.Message.Split('\n')[0].Trim();
}
