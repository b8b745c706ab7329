using Microsoft.Extensions.DependencyInjection;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains;

/// <summary>What every journaled grain needs; one for a silo.</summary>
internal sealed class JournaledGrainServices(
    IJournal journal, Receipts receipts, Ids ids, [FromKeyedServices(Clock.Domain)] TimeProvider clock)
{
    public IJournal Journal => journal;
    public Receipts Receipts => receipts;
    public Ids Ids => ids;
    public TimeProvider Clock => clock;
}
