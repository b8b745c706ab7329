using System.ComponentModel;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace SocialCommerce.TestSupport;

/// <summary>A fact of the contract. Where an implementation needs something that this machine lacks, it is counted as skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("SocialCommerce.TestSupport.ContractFactDiscoverer", "SocialCommerce.TestSupport")]
public sealed class ContractFactAttribute : FactAttribute;

/// <summary>On a test class: tells why its contract can't be run on this machine.</summary>
public interface INeed
{
    static abstract string? Missing { get; }
}

public sealed class ContractFactDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        [new ContractTestCase(diagnostics, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)];
}

public sealed class ContractTestCase : XunitTestCase
{
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("For deserialization only.")]
    public ContractTestCase() { }

    public ContractTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod testMethod)
        : base(diagnostics, display, options, testMethod) { }

    protected override string? GetSkipReason(IAttributeInfo factAttribute)
    {
        var missing = TestMethod.TestClass.Class.ToRuntimeType().GetInterfaces().Contains(typeof(INeed))
            ? (string?)TestMethod.TestClass.Class.ToRuntimeType().GetProperty(nameof(INeed.Missing))!.GetValue(null)
            : null;
        return missing ?? base.GetSkipReason(factAttribute);
    }
}
