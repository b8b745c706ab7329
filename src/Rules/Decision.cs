namespace SocialCommerce.Rules;

/// <summary>What a rule decided: events, or a refusal, or nothing because it is already so.</summary>
/// <typeparam name="TEvent">The aggregate's events.</typeparam>
/// <typeparam name="TRefusal">The aggregate's refusals; the value 0 is none.</typeparam>
public readonly struct Decision<TEvent, TRefusal> where TRefusal : struct, Enum
{
    private Decision(IReadOnlyList<TEvent> events, TRefusal refusal)
    {
        Events = events;
        Refusal = refusal;
    }

    /// <summary>Empty when refused, or when it is already so.</summary>
    public IReadOnlyList<TEvent> Events { get; }

    public TRefusal Refusal { get; }

    public bool IsRefused => !EqualityComparer<TRefusal>.Default.Equals(Refusal, default);

    /// <summary>Neither refused nor anything to do.</summary>
    public bool IsRepeat => !IsRefused && Events.Count == 0;

    public static Decision<TEvent, TRefusal> Nothing { get; } = new([], default);

    public static Decision<TEvent, TRefusal> Of(params TEvent[] events) => new(events, default);

    public static implicit operator Decision<TEvent, TRefusal>(TRefusal refusal) => new([], refusal);
}
