using SocialCommerce.EmbeddedSilo.Calls;

namespace SocialCommerce.EmbeddedSilo.Activations;

/// <summary>Messages that wait, in the order of their arrival. Linked through themselves.</summary>
internal struct MessageList
{
    private Message? _last;
    private int _readers;

    public Message? First { get; private set; }

    public int Count { get; private set; }

    public void Add(Message message)
    {
        message.Next = null;
        if (_last is { } last) last.Next = message;
        else First = message;
        _last = message;
        Count++;
        if (message.IsReadOnly) _readers++;
    }

    public Message? TakeFirst() => First is null ? null : Take(null, First);

    /// <summary>Read-only messages may overtake writers that wait for other readers to end, as in Orleans.</summary>
    public Message? TakeFirstReader()
    {
        if (_readers == 0) return null;
        Message? before = null;
        var message = First!;
        while (!message.IsReadOnly)
        {
            before = message;
            message = (Message)message.Next!;
        }

        return Take(before, message);
    }

    private Message Take(Message? before, Message message)
    {
        var after = (Message?)message.Next;
        if (before is null) First = after;
        else before.Next = after;
        if (after is null) _last = before;
        message.Next = null;
        Count--;
        if (message.IsReadOnly) _readers--;
        return message;
    }
}
