using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Primitives;

namespace SocialCommerce.Api;

/// <summary>What one occurrence of a problem adds to its kind.</summary>
internal sealed record ProblemNotes
{
    /// <summary>In place of the kind's own detail.</summary>
    public string? Detail { get; init; }
    public IReadOnlyList<Fault>? Errors { get; init; }
    public int? Limit { get; init; }
    public DateTimeOffset? ResetsAt { get; init; }
    public long? ExpectedFen { get; init; }
    public ImmutableArray<OpenTeamView>? OpenTeams { get; init; }
    public string? TraceId { get; init; }

    /// <summary>In place of the kind's own.</summary>
    public int? RetryAfterSeconds { get; init; }
}

/// <summary>Writes problems as <c>application/problem+json</c>.</summary>
internal static class ProblemWriter
{
    private static readonly StringValues ProblemJson = "application/problem+json";

    // Most refusals say nothing of their own, and a busy campaign answers them by the thousand.
    private static readonly ConcurrentDictionary<string, byte[]> Plain = new(StringComparer.Ordinal);

    public static void Write(HttpResponse response, Problem problem, ProblemNotes? notes = null)
    {
        response.StatusCode = problem.Status;
        response.Headers.ContentType = ProblemJson;
        if ((notes?.RetryAfterSeconds ?? problem.RetryAfterSeconds) is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (notes is null) JsonAnswer.WriteBytes(response, Plain.GetOrAdd(problem.Code, static (_, kind) => JsonAnswer.ToBytes(writer => Write(writer, kind, null)), problem));
        else JsonAnswer.WriteBytes(response, JsonAnswer.ToBytes(writer => Write(writer, problem, notes)));
    }

    private static void Write(Utf8JsonWriter json, Problem problem, ProblemNotes? notes)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, problem.Type);
        json.WriteString("title"u8, problem.Title);
        json.WriteNumber("status"u8, problem.Status);
        json.WriteString("detail"u8, notes?.Detail ?? problem.Detail);
        json.WriteString("code"u8, problem.Code);
        if (notes is not null) WriteNotes(json, notes);
        json.WriteEndObject();
    }

    private static void WriteNotes(Utf8JsonWriter json, ProblemNotes notes)
    {
        if (notes.Limit is { } limit) json.WriteNumber("limit"u8, limit);
        if (notes.ResetsAt is { } resetsAt)
        {
            json.WritePropertyName("resetsAt"u8);
            UtcInstantConverter.Write(json, resetsAt);
        }

        if (notes.ExpectedFen is { } expected) json.WriteNumber("expectedFen"u8, expected);
        if (notes.OpenTeams is { IsDefault: false } teams)
        {
            json.WritePropertyName("openTeams"u8);
            JsonSerializer.Serialize(json, teams, ApiJson.Default.ImmutableArrayOpenTeamView);
        }

        if (notes.Errors is { } errors) WriteErrors(json, errors);
        if (notes.TraceId is { } traceId) json.WriteString("traceId"u8, traceId);
    }

    private static void WriteErrors(Utf8JsonWriter json, IReadOnlyList<Fault> errors)
    {
        json.WriteStartObject("errors"u8);
        foreach (var field in errors.GroupBy(fault => fault.Field, fault => fault.Message, StringComparer.Ordinal))
        {
            json.WriteStartArray(field.Key);
            foreach (var message in field.Distinct(StringComparer.Ordinal)) json.WriteStringValue(message);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
