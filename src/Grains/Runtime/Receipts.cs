using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains;

/// <summary>The answers kept under request keys.</summary>
internal sealed class Receipts(IJournal journal, Microsoft.Extensions.Options.IOptions<EngineOptions> options)
{
    /// <summary>The first answer to this key, or the refusal of its reuse, or null when the key is new.</summary>
    public ValueTask<TReply?> Find<TReply>(RequestKey? key, ReplyCodec<TReply> codec) where TReply : class =>
        key is null ? default : new(Look(key, codec));

    /// <summary>
    /// Keeps the answer to a request that turned out to repeat an earlier one by its nature, so that its key, too, answers for this
    /// content alone. Replies that were committed with their receipt, and refusals, pass through.
    /// </summary>
    public ValueTask<TReply> Keep<TReply>(RequestKey? key, TReply reply, ReplyCodec<TReply> codec, DateTimeOffset now) where TReply : class =>
        key is null || codec.OutcomeOf(reply) != Outcome.Repeated ? new(reply) : new(KeepRepeat(key, reply, codec, now));

    /// <summary>Answers a request that changes nothing: as its key was answered before, or anew, and that is kept. Refusals are not.</summary>
    public async Task<TReply> FindOrKeep<TReply>(RequestKey? key, ReplyCodec<TReply> codec, DateTimeOffset now, Func<TReply> answer) where TReply : class
    {
        if (key is null) return answer();
        if (await Look(key, codec) is { } first) return first;
        var reply = answer();
        return codec.OutcomeOf(reply) == Outcome.Done ? await KeepAlone(key, reply, codec, now) : reply;
    }

    /// <summary>What to keep with the unit that this request brings about; nothing for a request without a key.</summary>
    public IReadOnlyList<ReceiptWrite> For<TReply>(RequestKey? key, TReply reply, ReplyCodec<TReply> codec, DateTimeOffset now) =>
        key is null ? [] : [new ReceiptWrite(key.Key, key.Fingerprint, codec.Encode(reply), now.AddHours(options.Value.ReceiptHours))];

    private async Task<TReply?> Look<TReply>(RequestKey key, ReplyCodec<TReply> codec) where TReply : class
    {
        var stored = await journal.FindReceipt(key.Key);
        if (stored is null) return null;
        return stored.Fingerprint == key.Fingerprint ? codec.Decode(stored.Answer) : codec.KeyReused;
    }

    private async Task<TReply> KeepRepeat<TReply>(RequestKey key, TReply reply, ReplyCodec<TReply> codec, DateTimeOffset now) where TReply : class =>
        await Look(key, codec) ?? await KeepAlone(key, reply, codec, now);

    private async Task<TReply> KeepAlone<TReply>(RequestKey key, TReply reply, ReplyCodec<TReply> codec, DateTimeOffset now) where TReply : class
    {
        try
        {
            await journal.Append(new JournalUnit([], For(key, reply, codec, now)));
            return reply;
        }
        catch (JournalConflictException)
        {
            return await Look(key, codec) ?? reply;
        }
    }
}
