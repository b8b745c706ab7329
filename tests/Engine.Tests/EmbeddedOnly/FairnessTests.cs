using SocialCommerce.Engine.Tests.Conformance;

namespace SocialCommerce.Engine.Tests.EmbeddedOnly;

/// <summary>
/// Where every thread has a pair of grains that answer each other without a pause, others still get their turns. Orleans promises no such
/// thing: on 10.4.2 the same test ends in timeouts.
/// </summary>
public sealed class FairnessTests
{
    [Fact]
    public async Task Grains_that_talk_without_end_leave_room_for_others()
    {
        await using var silo = await TestSilo.Start();
        var chats = Enumerable.Range(0, 32).Select(number => silo.Grain<ICallGrain>($"{number}").ChatUntil("enough", $"{number}'s friend")).ToArray();

        for (var call = 0; call < 100; call++) await silo.Grain<ICallGrain>($"quiet {call}").Sum(1, 1);

        silo.Trace.Open("enough");
        await Task.WhenAll(chats);
    }
}
