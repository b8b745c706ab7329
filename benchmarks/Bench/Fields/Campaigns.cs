using System.Net.Http.Headers;
using System.Text.Json;

namespace SocialCommerce.Bench;

/// <summary>Campaigns of a run.</summary>
internal static class Campaigns
{
    public static async Task Publish(int port, string campaignId, object settings)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"http://127.0.0.1:{port}/v1/campaigns/{campaignId}")
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(settings)),
        };
        request.Headers.Add("X-Api-Key", Requests.ApiKey);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await client.SendAsync(request);
        if (!answer.IsSuccessStatusCode) throw new BenchFaultException($"the campaign was refused: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}
