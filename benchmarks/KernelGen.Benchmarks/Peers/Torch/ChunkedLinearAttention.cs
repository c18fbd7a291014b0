using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Benchmarks.Peers.Torch;

/// <summary>
/// Causal linear attention as it is written in PyTorch: no feature map, no normaliser, chunk after chunk, o = q S + tril(q k^T) v, then S += k^T v.
/// </summary>
internal static class ChunkedLinearAttention
{
    /// <summary>
    /// Faster than 32 and 128 where this was written, forwards and backwards. So is carrying the state from chunk to chunk: with all chunks as
    /// one batch, whose temporaries leave the caches, a forward pass took twice as long.
    /// </summary>
    public const int Chunk = 64;

    /// <summary>Outputs [B, T, H, E], written into place; not for autograd.</summary>
    public static Tensor Forward(Tensor q, Tensor k, Tensor v)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor o = empty_like(v);
        Tensor state = NewState(q, v);
        Tensor queries = Chunks(q), keys = Chunks(k), values = Chunks(v), outputs = Chunks(o);
        for (long n = 0; n < queries.shape[0]; n++)
        {
            using DisposeScope chunk = NewDisposeScope();
            Tensor query = queries[n], key = keys[n].transpose(-1, -2), value = values[n];
            outputs[n].copy_(query.matmul(state).add_(query.matmul(key).tril_().matmul(value)));
            state.add_(key.matmul(value));
        }

        return o.MoveToOuterDisposeScope();
    }

    /// <summary>The same without writing over anything that the backward pass needs.</summary>
    public static Tensor Differentiable(Tensor q, Tensor k, Tensor v)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor state = NewState(q, v);

        // Unbound at once: the backward pass of an index is a whole tensor of zeros around each chunk's gradient.
        Tensor[] queries = Chunks(q).unbind(0), keys = Chunks(k).unbind(0), values = Chunks(v).unbind(0);
        Tensor[] outputs = new Tensor[queries.Length];
        for (int n = 0; n < outputs.Length; n++)
        {
            Tensor query = queries[n], key = keys[n].transpose(-1, -2), value = values[n];
            outputs[n] = query.matmul(state).add(query.matmul(key).tril().matmul(value));
            state = state.add(key.matmul(value));
        }

        return stack(outputs, 1).transpose(2, 3).reshape(v.shape).MoveToOuterDisposeScope();
    }

    private static Tensor NewState(Tensor q, Tensor v) => zeros(q.shape[0], q.shape[2], q.shape[3], v.shape[3]);

    /// <summary>[B, T, H, D] as [N, B, H, C, D].</summary>
    private static Tensor Chunks(Tensor x) => x.view(x.shape[0], x.shape[1] / Chunk, Chunk, x.shape[2], x.shape[3]).permute(1, 0, 3, 2, 4);
}
