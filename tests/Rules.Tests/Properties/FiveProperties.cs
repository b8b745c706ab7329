using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace SocialCommerce.Rules.Tests.Properties;

/// <summary>
/// What holds for every aggregate, over random plays. A failure prints the shrunk play and the seed; <c>Config.WithReplay</c> plays it again.
/// </summary>
/// <typeparam name="TState">The aggregate's state.</typeparam>
/// <typeparam name="TEvent">Its events.</typeparam>
public abstract class FiveProperties<TState, TEvent>
    where TState : class
    where TEvent : class
{
    private const int Plays = 300;

    /// <summary>Events or a refusal.</summary>
    protected readonly record struct Answer(IReadOnlyList<TEvent> Events, string? Refusal)
    {
        public bool IsRepeat => Refusal is null && Events.Count == 0;

        public static Answer Of<TRefusal>(Decision<TEvent, TRefusal> decision)
            where TRefusal : struct, Enum => new(decision.Events, decision.IsRefused ? decision.Refusal.ToString() : null);
    }

    protected abstract TState None { get; }

    /// <summary>The statuses that the plays must come through, so that none of the properties holds for want of cases.</summary>
    protected abstract IReadOnlyCollection<string> StatusesToReach { get; }

    protected abstract TState Evolve(TState state, TEvent happened);

    /// <summary>What a step asks of the aggregate as it stands.</summary>
    protected abstract object CommandOf(TState state, Step step, DateTimeOffset now);

    protected abstract Answer Decide(TState state, object command, DateTimeOffset now);

    /// <summary>Commands with a natural key: however much later it is repeated, one that was accepted decides nothing any more.</summary>
    protected abstract bool IsRepeatableForEver(object command);

    /// <summary>Holds after every single event.</summary>
    protected abstract void CheckFold(TState before, TEvent happened, TState after);

    /// <summary>Holds after every decision.</summary>
    protected abstract void CheckDecision(TState before, object command, TState after, DateTimeOffset now);

    /// <summary>What must not change once it is over; null while it is not.</summary>
    protected abstract string? EndOf(TState state);

    protected abstract string StatusOf(TState state);

    /// <summary>All that the state says, as text.</summary>
    protected abstract string Describe(TState state);

    [Fact]
    public void A_repeat_adds_nothing() => CheckPlays(steps =>
    {
        var accepted = new List<object>();
        foreach (var turn in Play(steps))
        {
            if (turn.Answer.Refusal is null) Assert.True(Decide(turn.After, turn.Command, turn.Now).IsRepeat, $"{turn.Command} at once again");
            foreach (var command in accepted) Assert.True(Decide(turn.After, command, turn.Now).IsRepeat, $"{command} after {turn.Command}");
            if (turn.Answer.Events.Count > 0 && IsRepeatableForEver(turn.Command)) accepted.Add(turn.Command);
        }
    });

    [Fact]
    public void A_refusal_adds_nothing() => CheckPlays(steps =>
    {
        foreach (var turn in Play(steps).Where(turn => turn.Answer.Refusal is not null))
        {
            Assert.Empty(turn.Answer.Events);
            Assert.Same(turn.Before, turn.After);
            Assert.Equal(turn.Answer.Refusal, Decide(turn.After, turn.Command, turn.Now).Refusal);
        }
    });

    [Fact]
    public void Invariants_hold_after_every_fold() => CheckPlays(steps =>
    {
        foreach (var turn in Play(steps))
        {
            var state = turn.Before;
            foreach (var happened in turn.Answer.Events)
            {
                var next = Evolve(state, happened);
                CheckFold(state, happened, next);
                state = next;
            }

            CheckDecision(turn.Before, turn.Command, turn.After, turn.Now);
        }
    });

    [Fact]
    public void An_end_stays_an_end() => CheckPlays(steps =>
    {
        foreach (var turn in Play(steps))
        {
            if (EndOf(turn.Before) is { } end) Assert.Equal(end, EndOf(turn.After));
        }
    });

    [Fact]
    public void Replay_equals_what_was_stored() => CheckPlays(steps =>
    {
        // Through JSON and back, as the journal keeps them.
        var stored = new List<(Type Type, string Json)>();
        var state = None;
        foreach (var turn in Play(steps))
        {
            stored.AddRange(turn.Answer.Events.Select(happened => (happened.GetType(), JsonSerializer.Serialize(happened, happened.GetType()))));
            state = turn.After;
        }

        var replayed = stored.Select(record => (TEvent)JsonSerializer.Deserialize(record.Json, record.Type)!).Aggregate(None, Evolve);
        Assert.Equal(Describe(state), Describe(replayed));
    });

    [Fact]
    public void The_plays_come_through_every_status()
    {
        var seen = new HashSet<string>();
        foreach (var steps in Steps.ArrayOf().Sample(100, new Rnd(20260301UL), 500))
            seen.UnionWith(Play(steps).Select(turn => StatusOf(turn.After)));
        Assert.Empty(StatusesToReach.Except(seen));
    }

    private sealed record Turn(TState Before, object Command, DateTimeOffset Now, Answer Answer, TState After);

    private IEnumerable<Turn> Play(Step[] steps)
    {
        var now = Given.Noon;
        var state = None;
        foreach (var step in steps)
        {
            now = now.AddSeconds(step.Seconds);
            var command = CommandOf(state, step, now);
            var answer = Decide(state, command, now);
            var after = answer.Events.Aggregate(state, Evolve);
            yield return new Turn(state, command, now, answer, after);
            state = after;
        }
    }

    private static readonly Gen<Step> Steps =
        from kind in Gen.Choose(0, 99)
        from who in Gen.Choose(0, 7)
        from what in Gen.Choose(0, 9_999)
        from seconds in Gen.Frequency((12, Gen.Choose(0, 5)), (4, Gen.Choose(6, 70)), (1, Gen.Choose(71, 700)))
        select new Step(kind, who, what, seconds);

    private static IEnumerable<Step> Simpler(Step step)
    {
        if (step.Seconds > 0) yield return step with { Seconds = 0 };
        if (step.Who > 0) yield return step with { Who = 0 };
        if (step.What > 0) yield return step with { What = 0 };
    }

    private static void CheckPlays(Action<Step[]> holds) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Plays), Prop.ForAll(Arb.From(Steps, Simpler).Array(), holds));
}
