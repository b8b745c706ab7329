namespace SocialCommerce.Api;

/// <summary>Says whether this process can serve; asked by <c>/health/ready</c>. Register one to replace the default, which is always ready.</summary>
public interface IReadiness
{
    /// <summary>True when requests can be served. Must answer at once, from memory.</summary>
    /// <param name="reason">What is missing, for people; null when ready.</param>
    bool IsReady(out string? reason);
}

/// <summary>Ready as soon as it listens.</summary>
internal sealed class AlwaysReady : IReadiness
{
    public bool IsReady(out string? reason)
    {
        reason = null;
        return true;
    }
}
