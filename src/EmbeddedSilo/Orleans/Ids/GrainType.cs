namespace Orleans.Runtime
{
    /// <summary>The name of a grain class: its [GrainType], or the class name in lower case without "Grain".</summary>
    public readonly struct GrainType : IEquatable<GrainType>, IComparable<GrainType>
    {
        private readonly IdSpan _value;

        public GrainType(IdSpan id) => _value = id;

        public IdSpan Value => _value;

        public bool IsDefault => _value.IsDefault;

        public static GrainType Create(string value)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value);
            return new(IdSpan.Create(value));
        }

        public bool Equals(GrainType obj) => _value.Equals(obj._value);

        public override bool Equals(object? obj) => obj is GrainType other && Equals(other);

        public override int GetHashCode() => _value.GetHashCode();

        public uint GetUniformHashCode() => _value.GetUniformHashCode();

        public int CompareTo(GrainType other) => _value.CompareTo(other._value);

        public override string ToString() => _value.ToString();

        public static bool operator ==(GrainType left, GrainType right) => left.Equals(right);

        public static bool operator !=(GrainType left, GrainType right) => !left.Equals(right);
    }
}

namespace Orleans
{
    /// <summary>Names a grain class, so that renaming the class keeps its stored state and reminders.</summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
    public sealed class GrainTypeAttribute(string grainType) : Attribute
    {
        internal string Name { get; } = grainType;
    }
}
