using Microsoft.Extensions.Hosting;

namespace SocialCommerce.Api;

/// <summary>
/// Says until when live streams and reads of the feed that wait may last, so that a stop need not wait for them. Register one to replace the
/// default: until the process is told to stop.
/// </summary>
public interface ILongAnswers
{
    /// <summary>Cancelled when they have to end.</summary>
    CancellationToken End { get; }
}

/// <summary>For a process that serves no longer than until it is told to stop.</summary>
internal sealed class UntilStopping(IHostApplicationLifetime life) : ILongAnswers
{
    public CancellationToken End => life.ApplicationStopping;
}
