using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using SocialCommerce.Engine.Tests.Conformance;

namespace SocialCommerce.Engine.Tests.OrleansOnly;

public sealed class SoleSiloTests
{
    [Fact]
    public async Task A_grain_wakes_and_goes_without_the_directory()
    {
        var asked = new Dictionary<string, long>();
        await using var silo = await TestSilo.Start();
        using var listener = new MeterListener();
        // Other tests' silos have meters of the same name.
        var ours = silo.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, ours) && instrument.Name.StartsWith("orleans-directory-", StringComparison.Ordinal)) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, amount, _, _) => Count(instrument, amount));
        listener.SetMeasurementEventCallback<int>((instrument, amount, _, _) => Count(instrument, amount));
        listener.Start();

        for (var key = 0; key < 50; key++)
        {
            Assert.Equal(1, await silo.Grain<ILifeGrain>($"{key}").Number());
            await silo.Grain<ILifeGrain>($"{key}").End();
        }

        await silo.Trace.Noted("ended 1: ApplicationRequested", times: 50);
        lock (asked)
        {
            Assert.True(asked["orleans-directory-lookups-cache-issued"] >= 100);
            Assert.Equal(asked["orleans-directory-lookups-cache-issued"], asked["orleans-directory-lookups-cache-successes"]);
            Assert.DoesNotContain("orleans-directory-lookups-full-issued", asked.Keys);
            Assert.DoesNotContain(asked.Keys, name => name.Contains("registrations", StringComparison.Ordinal));
        }

        void Count(Instrument instrument, long amount)
        {
            lock (asked) asked[instrument.Name] = asked.GetValueOrDefault(instrument.Name) + amount;
        }
    }
}
