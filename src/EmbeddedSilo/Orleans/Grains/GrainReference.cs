using SocialCommerce.EmbeddedSilo.Activations;
using SocialCommerce.EmbeddedSilo.Calls;

namespace Orleans.Runtime;

/// <summary>What GetGrain returns: turns a method call into a request. Cheap, immutable, usable from any thread.</summary>
public class GrainReference : IAddressable, IEquatable<GrainReference>
{
    internal GrainReference(GrainClass grainClass, IdSpan key)
    {
        Class = grainClass;
        Key = key;
    }

    public GrainId GrainId => new(Class.GrainType, Key);

    internal GrainClass Class { get; }

    internal IdSpan Key { get; }

    public virtual TGrainInterface Cast<TGrainInterface>()
        where TGrainInterface : IAddressable => (TGrainInterface)(object)Proxies.Of(typeof(TGrainInterface)).Create(Class, Key);

    public bool Equals(GrainReference? other) => other is not null && GrainId.Equals(other.GrainId);

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => GrainId.GetHashCode();

    public sealed override string ToString() => $"GrainReference:{GrainId}";

    public static bool operator ==(GrainReference? left, GrainReference? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(GrainReference? left, GrainReference? right) => !(left == right);
}
