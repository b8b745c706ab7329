using System.Diagnostics;
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
        SocketException { SocketErrorCode: SocketError.AccessDenied } => $"the port to listen on takes a right that this process lacks ({fault.Message}). Choose one from 1024 on, with --port or ASPNETCORE_URLS.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => $"the address to listen on can't be had ({fault.Message}). Choose another with --port or ASPNETCORE_URLS.",
        InvalidOperationException or FormatException or ArgumentException when ReaderOf(fault) is { } reader => $"a setting of {reader} can't be used: {fault.Message.Split('\n')[0].TrimEnd()}",
        UnauthorizedAccessException or IOException => fault.Message,
        AggregateException { InnerExceptions: [var only] } => InOneLine(only),
        _ => fault.InnerException is { } inner && InOneLine(inner) is { } line && fault.GetType().Namespace?.StartsWith("Orleans", StringComparison.Ordinal) == true ? line : null,
    };

    /// <summary>Which of the framework's parts stopped at one of its settings: their messages say the value, and seldom the name.</summary>
    private static string? ReaderOf(Exception fault) => new StackTrace(fault).GetFrames()
        .Select(frame => frame.GetMethod()?.DeclaringType?.Assembly.GetName().Name switch
        {
            "Microsoft.AspNetCore.Server.Kestrel.Core" => "Kestrel or ASPNETCORE_URLS",
            "Microsoft.Extensions.Configuration.Binder" => "the configuration",
            { } name when name.StartsWith("Microsoft.Extensions.Logging", StringComparison.Ordinal) => "Logging",
            _ => null,
        })
        .FirstOrDefault(reader => reader is not null);

    private static bool PortInUse(Exception fault) =>
        fault is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } || (fault.InnerException is { } inner && PortInUse(inner));
}
