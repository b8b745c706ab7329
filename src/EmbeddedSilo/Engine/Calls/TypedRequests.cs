using Orleans.Runtime;

namespace SocialCommerce.EmbeddedSilo.Calls;

/// <summary>A request whose answer is no value. The emitted subclass calls the method and hands out Task or ValueTask.</summary>
internal abstract class VoidRequest : Request
{
    private TaskCompletionSource? _answer;

    public sealed override bool IsAnswered => _answer is { Task.IsCompleted: true };

    public Task Send(GrainReference target)
    {
        if (Method.IsOneWay)
        {
            Dispatch(target);
            return Task.CompletedTask;
        }

        _answer = new(target.Class.Silo.AnswerOptions);
        Dispatch(target);
        return _answer.Task;
    }

    public ValueTask SendValue(GrainReference target) => new(Send(target));

    public sealed override object? ResultOf(Task ended) => null;

    public sealed override void AnswerFrom(Task ended) => _answer?.TrySetResult();

    public sealed override void AnswerWith(object? result) => _answer?.TrySetResult();

    protected sealed override bool TryFail(Exception exception) => _answer!.TrySetException(exception);

    protected sealed override bool TryCancel(CancellationToken token) => _answer is not null && _answer.TrySetCanceled(token);
}

/// <summary>A request whose answer is a value.</summary>
internal abstract class ValueRequest<TResult> : Request
{
    private TaskCompletionSource<TResult>? _answer;

    public sealed override bool IsAnswered => _answer is { Task.IsCompleted: true };

    public Task<TResult> Send(GrainReference target)
    {
        if (Method.IsOneWay)
        {
            Dispatch(target);
            return Task.FromResult(default(TResult)!);
        }

        _answer = new(target.Class.Silo.AnswerOptions);
        Dispatch(target);
        return _answer.Task;
    }

    public ValueTask<TResult> SendValue(GrainReference target) => new(Send(target));

    public sealed override object? ResultOf(Task ended) => ((Task<TResult>)ended).Result;

    public sealed override void AnswerFrom(Task ended) => _answer?.TrySetResult(((Task<TResult>)ended).Result);

    public sealed override void AnswerWith(object? result) => _answer?.TrySetResult((TResult)result!);

    protected sealed override bool TryFail(Exception exception) => _answer!.TrySetException(exception);

    protected sealed override bool TryCancel(CancellationToken token) => _answer is not null && _answer.TrySetCanceled(token);
}

/// <summary>Makes a task of what a grain method returned, where it is none.</summary>
internal static class Started
{
    public static Task ValueTask(ValueTask task) => task.AsTask();

    public static Task ValueTaskOf<TResult>(ValueTask<TResult> task) => task.AsTask();
}
