using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>What every journaled grain needs; one for a silo.</summary>
internal sealed class JournaledGrainServices(
    IJournal journal, Receipts receipts, Ids ids, GrainReferences grains, [FromKeyedServices(Clock.Domain)] TimeProvider clock, TimeProvider monotonic, IOptions<EngineOptions> options)
{
    private readonly TimeSpan? _confirmAfter = options.Value.ConfirmMilliseconds == 0 ? null : TimeSpan.FromMilliseconds(options.Value.ConfirmMilliseconds);

    public IJournal Journal => journal;
    public Receipts Receipts => receipts;
    public Ids Ids => ids;
    public GrainReferences Grains => grains;

    /// <summary>For spans of real time.</summary>
    public TimeProvider Monotonic => monotonic;

    /// <summary>For how long a state that was the stream's may be shown without another look; null: for ever, as nobody else writes.</summary>
    public TimeSpan? ConfirmAfter => _confirmAfter;

    /// <summary>The domain's time.</summary>
    public DateTimeOffset Now() => DomainTime.Of(clock.GetUtcNow());
}
