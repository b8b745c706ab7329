using SocialCommerce.EmbeddedSilo.Calls;

namespace SocialCommerce.EmbeddedSilo.Activations;

/// <summary>What stands behind a key: one activation, or a group of stateless workers.</summary>
internal interface IMessageTarget
{
    /// <summary>False if the target is gone for good; the caller looks the key up again.</summary>
    bool TryDeliver(Message message);
}
