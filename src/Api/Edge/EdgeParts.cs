namespace SocialCommerce.Api;

/// <summary>What every call needs, found once: asking a container for each request would cost a scope.</summary>
internal sealed class EdgeParts(
    ApiOptions options, IGrainFactory grains, IShoppers shoppers, ApiKeys keys, LiveHub live, FeedReaders feed, TimeProvider time, ILongAnswers longAnswers) : IDisposable
{
    public ApiOptions Options => options;
    public GrainReferences Grains { get; } = new(grains);
    public IShoppers Shoppers => shoppers;
    public ApiKeys Keys => keys;
    public BearerTokens? Tokens { get; } = options.Jwt is null ? null : new BearerTokens(options.Jwt, time);
    public CallLimit? Limit { get; } = options.RateLimit is null ? null : new CallLimit(options.RateLimit, time);
    public LiveHub Live => live;
    public FeedReaders Feed => feed;
    public FairnessAnswers Fairness { get; } = new();
    public TimeProvider Time => time;

    /// <summary>Long answers end here, so that a stop need not wait for them.</summary>
    public CancellationToken Stopping => longAnswers.End;

    public void Dispose()
    {
        Limit?.Dispose();
        Fairness.Dispose();
    }
}
