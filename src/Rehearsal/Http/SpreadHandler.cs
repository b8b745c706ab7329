namespace SocialCommerce.Rehearsal.Http;

/// <summary>Sends each request to the next of several addresses in turn, as a load balancer would that has not noticed yet who is gone.</summary>
internal sealed class SpreadHandler(IReadOnlyList<Uri> addresses, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private uint _next;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = addresses[(int)(Interlocked.Increment(ref _next) % (uint)addresses.Count)];
        request.RequestUri = new Uri(address, request.RequestUri!.PathAndQuery);
        return base.SendAsync(request, cancellationToken);
    }
}
