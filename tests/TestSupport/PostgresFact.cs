using Xunit;

namespace SocialCommerce.TestSupport;

/// <summary>A fact that needs a PostgreSQL server on this machine; without one it is counted as skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresBinaries.Missing;
}
