using System.Net.Sockets;
using Microsoft.Extensions.Options;
using SocialCommerce.Api;
using SocialCommerce.Journal;

namespace SocialCommerce.Silo;

/// <summary>Faults that somebody who runs the process can mend, each in one line and without a stack trace.</summary>
internal static class Faults
{
    /// <summary>The line, or null for a fault that is ours and deserves its stack trace.</summary>
    public static string? InOneLine(Exception fault) => fault switch
    {
        SiloFaultException => fault.Message,
        ConfigurationFaultsException => fault.Message,
        OptionsValidationException options => string.Join(" ", options.Failures),
        JournalUnavailableException => fault.Message,
        IOException { InnerException: { } inner } when PortInUse(inner) => $"{fault.Message} Choose another with --port.",
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => $"{fault.Message}. Choose another with --port.",
        UnauthorizedAccessException or IOException => fault.Message,
        AggregateException { InnerExceptions: [var only] } => InOneLine(only),
        _ => fault.InnerException is { } inner && InOneLine(inner) is { } line && fault.GetType().Namespace?.StartsWith("Orleans", StringComparison.Ordinal) == true ? line : null,
    };

    private static bool PortInUse(Exception fault) =>
        fault is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } || (fault.InnerException is { } inner && PortInUse(inner));
}
