using System.Collections.Immutable;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>One shopper: what it knows of itself, and what it does, one act at a time.</summary>
/// <remarks>
/// An act is decided by the bargain or the team that it concerns and committed together with the shopper's own event at the version that
/// was given with it; only then the next act begins. That is the reservation: nothing to settle, nothing to heal. When a call fails, or the
/// version was not ours any more, the stream is read again.
/// </remarks>
/// <param name="shelf">Where it is found; told when an act has ended.</param>
/// <param name="known">What is known of it; null when that has to be read.</param>
internal sealed partial class Shopper(string shopperId, HelpParts parts, ShopperShelf shelf, ShopperState? known = null) : IShopper
{
    private const int AttemptsMax = 5;

    /// <summary>What a shopper of a shard knows that was not read, as nothing should be there. Enough to accept on: the commit finds out.</summary>
    private static readonly ShopperState Unread = ShopperState.None with { };

    private Turnstile _acts;
    private volatile ShopperState? _shopper = known;
    private Task? _loading;

    /// <summary>Acts that have begun and not ended; the shelf counts them.</summary>
    public int Acts { get; set; }

    /// <summary>What it knows of itself; null when its stream has to be read.</summary>
    public ShopperState? Known => IsUnread(_shopper) ? null : _shopper;

    private string Stream => Streams.Shopper(shopperId);

    public Task<StartReply> Start(StartBargain request) => Act(request.RequestKey, ReplyCodecs.Start, async () =>
    {
        // While one is open, starting again is the same start.
        var before = _shopper!.StartsIn(request.CampaignId);
        if (before is not null
            && await parts.Services.Grains.Of<IBargainGrain>(before.Value.LastBargainId).Get() is { Status: GrainInterfaces.BargainStatus.Open } open
            && parts.Services.Now() < open.ExpiresAt)
            return new StartReply { Outcome = Outcome.Repeated, Bargain = open };

        var now = parts.Services.Now();
        var campaign = await parts.Catalog.Find(request.CampaignId);
        var entry = CampaignRules.MayEnter(campaign, Rules.CampaignKind.Bargain, now);
        if (entry != EntryRefusal.None) return Refused((StartRefusal)entry);
        var terms = campaign.Terms.Bargain!;
        if (before?.Count >= terms.StartsPerShopper) return Refused(StartRefusal.StartLimitReached);

        // From here only the stock can refuse.
        if (terms.ReserveAtStart && await parts.SoldOut.Has(request.CampaignId)) return Refused(StartRefusal.SoldOut);
        var bargainId = parts.Services.Ids.Bargain(now, shopperId, terms.ProductId);
        var events = BargainRules.Start(
            new BargainCommand.Start(bargainId, shopperId, terms, parts.Services.Ids.Seed(), _shopper.IsNew, EntryAttribution(request.Via, request.CampaignId, now)), now);
        var bargain = events.Aggregate(BargainState.None, BargainState.Evolve);
        var started = new ShopperStarted { At = now, CampaignId = request.CampaignId, BargainId = bargainId };
        var reply = new StartReply { Outcome = Outcome.Done, Bargain = BargainReplies.ViewOf(bargain) };
        var outcome = await Commit(
            request.CampaignId,
            BargainRules.StockMoveOf(BargainState.None, bargain),
            new StreamAppend(Streams.Bargain(bargainId), 0, [.. Identified.In(request.CampaignId, events).Select(StoredEvents.Bargains.Encode)], DeadlineChange.At(bargain.ExpiresAt)),
            started,
            parts.Services.Receipts.For(request.RequestKey, reply, ReplyCodecs.Start, now));
        if (outcome == StockOutcome.SoldOut) return Refused(StartRefusal.SoldOut);
        if (outcome != StockOutcome.Committed) return null;
        parts.Resting?.RestNew(bargain);
        return reply;

        static StartReply Refused(StartRefusal refusal) => new() { Outcome = Outcome.Refused, Refusal = refusal };
    });

    public Task DeclareExisting() => Declare(new DeclareShopper());

    public Task<DeclareReply> Declare(DeclareShopper request) => Act(request.RequestKey, ReplyCodecs.Declare, async () =>
    {
        if (!_shopper!.IsNew) return new DeclareReply { Outcome = Outcome.Repeated };
        var declared = new ShopperDeclaredExisting { At = parts.Services.Now() };
        var reply = new DeclareReply { Outcome = Outcome.Done };
        try
        {
            await parts.Services.Journal.Append(new JournalUnit([OwnAppend(declared)], parts.Services.Receipts.For(request.RequestKey, reply, ReplyCodecs.Declare, declared.At)));
        }
        catch (JournalConflictException)
        {
            return null;
        }

        Happened(declared);
        return reply;
    });

    public async Task<ShopperView> Me()
    {
        try
        {
            return await View();
        }
        finally
        {
            shelf.Leave(shopperId, this);
        }
    }

    private async Task<ShopperView> View()
    {
        ShopperState? shopper = null;
        // Of a shopper in doubt, what was read before may lack what was committed since.
        if (parts.InDoubt.IsCertain(shopperId))
        {
            while ((shopper = _shopper) is null) await Loaded();
        }

        // Beside an act that may be under way, so not kept.
        if (shopper is null || IsUnread(shopper)) shopper = await Stored(new(parts.Services.Journal.Read(Stream)!));
        var day = shopper.CountingDay(parts.Days.DayOf(parts.Services.Now()));
        var bargains = await Task.WhenAll(shopper.Starts.Select(starts => parts.Services.Grains.Of<IBargainGrain>(starts.LastBargainId).Get()));
        return new ShopperView
        {
            ShopperId = shopperId,
            NewShopper = shopper.IsNew,
            HelpsToday = new HelpsToday { Used = shopper.UsedOn(day), Limit = parts.Limit.HelpsPerDay, ResetsAt = parts.Days.EndOf(day) },
            Bargains = [.. bargains.OfType<BargainView>().Where(bargain => bargain.Status is GrainInterfaces.BargainStatus.Open or GrainInterfaces.BargainStatus.Won)],
            Teams = await LiveTeams(shopper),
        };
    }

    private Task<TReply> Act<TReply>(RequestKey? key, ReplyCodec<TReply> codec, Func<Task<TReply?>> attempt) where TReply : class =>
        Act(key, codec, attempt, static (_, attempt) => new ValueTask<TReply?>(attempt()), static (_, _, reply) => reply);

    /// <summary>One act: the first answer if it was given before, otherwise as often as the shopper's stream turns out to have moved on.</summary>
    /// <param name="ask">Asks whoever decides.</param>
    /// <param name="settle">Takes over what was decided; null when the stream has to be read again. Apart from asking, as each await between is a turn of its own.</param>
    private async Task<TReply> Act<TRequest, TOutcome, TReply>(
        RequestKey? key, ReplyCodec<TReply> codec, TRequest request,
        Func<Shopper, TRequest, ValueTask<TOutcome>> ask, Func<Shopper, TRequest, TOutcome, TReply?> settle) where TReply : class
    {
        await _acts.Enter(this);
        try
        {
            for (var i = 0; i < AttemptsMax; i++)
            {
                if (await parts.Services.Receipts.Find(key, codec) is { } first) return first;
                await Loaded();
                var reply = settle(this, request, await ask(this, request));
                // What is not accepted rests on nothing that a commit would have found out.
                if (reply is not null && (codec.OutcomeOf(reply) == Outcome.Done || !IsUnread(_shopper)))
                    return await parts.Services.Receipts.Keep(key, reply, codec, parts.Services.Now());
                _shopper = null;
            }
        }
        catch (JournalUnavailableException away)
        {
            _shopper = null;
            if (away.OutcomeUnknown) parts.InDoubt.Doubt(shopperId);
            throw new StoreUnavailableException(away.Message, away.OutcomeUnknown);
        }
        catch (StoreUnavailableException away) when (!away.OutcomeUnknown)
        {
            _shopper = null;
            throw;
        }
        catch
        {
            // Whatever came between: the act may have been committed, or may be yet. Only the stream can tell.
            _shopper = null;
            parts.InDoubt.Doubt(shopperId);
            throw;
        }
        finally
        {
            Leave();
        }

        throw new StoreUnavailableException($"{Stream} kept changing under the command.", outcomeUnknown: false);
    }

    private void Leave()
    {
        _acts.Leave(this);
        shelf.Leave(shopperId, this);
    }

    /// <summary>Commits what starts with this shopper: a new stream, the shopper's own event, the stock.</summary>
    private async Task<StockOutcome> Commit(
        string campaignId, StockMove move, StreamAppend created, ShopperEvent own, IReadOnlyList<ReceiptWrite> receipts)
    {
        StreamAppend[] appends = [created, OwnAppend(own)];
        var outcome = StockOutcome.Committed;
        if (move.IsNone)
        {
            try
            {
                await parts.Services.Journal.Append(new JournalUnit(appends, receipts));
            }
            catch (JournalConflictException)
            {
                return StockOutcome.Conflict;
            }
        }
        else
        {
            outcome = (await parts.Services.Grains.Of<IStockGrain>(Streams.Stock(campaignId)).Commit(StockCommit.Of(move, null, appends, receipts))).Outcome;
        }

        if (outcome == StockOutcome.Committed) Happened(own);
        if (outcome == StockOutcome.SoldOut) parts.SoldOut.Saw(campaignId);
        return outcome;
    }

    private StreamAppend OwnAppend(ShopperEvent own) => new(Stream, _shopper!.Version, [StoredEvents.Shoppers.Encode(own)]);

    private void Happened(ShopperEvent happened)
    {
        _shopper = ShopperState.Evolve(_shopper!, happened);
        parts.InDoubt.Committed(shopperId);
    }

    /// <summary>A link to a bargain or team of the same campaign, and not one's own, says who brought whoever enters it.</summary>
    private Attribution? EntryAttribution(string via, string campaignId, DateTimeOffset now)
    {
        if (via.Length == 0 || parts.Tokens.Verify(via, now) is not { } claims) return null;
        if (claims.CampaignId != campaignId || claims.InviterId == shopperId) return null;
        return new Attribution { InviterId = claims.InviterId, Channel = claims.Channel, Depth = claims.Depth, Generation = claims.Generation + 1 };
    }

    private static bool IsUnread(ShopperState? shopper) => ReferenceEquals(shopper, Unread);

    private Task Loaded()
    {
        if (_shopper is not null) return Task.CompletedTask;
        lock (this)
        {
            // Once for all who wait: what is read must not come after what happened since.
            if (_shopper is not null) return Task.CompletedTask;
            if (_loading is null or { IsCompleted: true }) _loading = Load();
            return _loading;
        }
    }

    private async Task Load()
    {
        var shopper = await Stored(parts.Services.Journal.ReadOwn(Stream));
        lock (this)
        {
            // Both at once: an act that finds the state and drops it again must not wait for this load to end, which would bring it none.
            _shopper = shopper;
            // A task that has ended holds on to its state machine: too much for a million shoppers that rest.
            _loading = null;
        }
    }

    private static async ValueTask<ShopperState> Stored(ValueTask<IReadOnlyList<StoredEvent>?> read)
    {
        try
        {
            if (await read is not { } events) return Unread;
            var shopper = ShopperState.None;
            for (var i = 0; i < events.Count; i++) shopper = ShopperState.Evolve(shopper, StoredEvents.Shoppers.Decode(events[i].Kind, events[i].Payload));
            return shopper;
        }
        catch (JournalUnavailableException away)
        {
            throw new StoreUnavailableException(away.Message, outcomeUnknown: false);
        }
    }
}
