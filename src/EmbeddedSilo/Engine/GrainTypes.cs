using System.Collections.Concurrent;
using System.Reflection;
using Orleans;

namespace SocialCommerce.EmbeddedSilo;

/// <summary>Finds grain classes: in every loaded assembly that refers to this one, and in those that they refer to.</summary>
internal static class GrainTypes
{
    private static readonly string Self = typeof(GrainTypes).Assembly.GetName().Name!;
    private static readonly ConcurrentDictionary<Assembly, Type[]> Known = new();

    public static IEnumerable<Type> Find(IEnumerable<Assembly> also)
    {
        var seen = new HashSet<Assembly>();
        var left = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies().Where(assembly => !assembly.IsDynamic).Concat(also));
        while (left.TryDequeue(out var assembly))
        {
            if (!seen.Add(assembly)) continue;
            var references = assembly.GetReferencedAssemblies();
            if (references.All(reference => reference.Name != Self)) continue;

            // An assembly is loaded when its first method runs; grains are found even if none has run yet.
            foreach (var reference in references.Where(IsNoFramework))
            {
                if (TryLoad(reference) is { } loaded) left.Enqueue(loaded);
            }

            foreach (var type in Known.GetOrAdd(assembly, GrainsIn)) yield return type;
        }
    }

    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (FileNotFoundException)
        {
            // A reference that is only needed to compile; code that needs it will say so itself.
            return null;
        }
    }

    private static Type[] GrainsIn(Assembly assembly) => [.. assembly.GetTypes().Where(type =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
        && typeof(IGrain).IsAssignableFrom(type)
        && typeof(IGrainBase).IsAssignableFrom(type))];

    private static bool IsNoFramework(AssemblyName reference) =>
        reference.Name is { } name && name != Self && name != "netstandard"
        && !name.StartsWith("System", StringComparison.Ordinal) && !name.StartsWith("Microsoft.", StringComparison.Ordinal);
}
