using KernelGen.Benchmarks.Measurements;
using KernelGen.Benchmarks.Measuring;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Benchmarks.Peers.Torch;

/// <summary>
/// TorchSharp's attention on the buffers that everyone shares. Outputs are tensors of its own, as its users have them; they are copied out
/// for the check only.
/// </summary>
internal static class TorchContestants
{
    public static Contestant Chunked(Tensors tensors, int threads)
    {
        RequireWholeChunks(tensors);
        return Enter(tensors, threads, ChunkedLinearAttention.Forward, o => DoubleReference.RelativeRms(tensors, Mathematics.Bare, o.Span));
    }

    public static Contestant Softmax(Tensors tensors, int threads) =>
        Enter(tensors, threads, CausalSoftmax, o => SoftmaxReference.RelativeRms(tensors, o.Span));

    public static Contestant ChunkedBackward(Tensors tensors, int threads)
    {
        RequireWholeChunks(tensors);
        TorchRuntime.Use(threads);
        DisposeScope kept = NewDisposeScope();
        PinnedBuffer outputGradient = tensors.NewOutput().FillUniform(seed: 4);
        Tensor[] inputs = [.. new[] { tensors.Q, tensors.K, tensors.V }.Select(buffer => TorchRuntime.Of(buffer, tensors).requires_grad_())];
        Tensor[] gradient = [TorchRuntime.Of(outputGradient, tensors)];
        Tensor[] output = [ChunkedLinearAttention.Differentiable(inputs[0], inputs[1], inputs[2])];

        PinnedBuffer[] copies = [.. inputs.Select(_ => tensors.NewOutput())];
        using (NewDisposeScope())
        {
            foreach ((Tensor computed, PinnedBuffer copy) in Gradients().Zip(copies))
                computed.contiguous().data<float>().CopyTo(copy.Span);
        }

        double rms = DoubleGradients.RelativeRms(tensors, Mathematics.Bare, outputGradient, copies[0], copies[1], copies[2]);
        return new Contestant(Run, rms, Variant.AllowedPeerRms, kept);

        void Run()
        {
            using DisposeScope scope = NewDisposeScope();
            Gradients();
        }

        // The graph is kept, so that the backward pass can be timed again without the forward pass that made it.
        IList<Tensor> Gradients() => autograd.grad(output, inputs, gradient, retain_graph: true);
    }

    private static Contestant Enter(Tensors tensors, int threads, Func<Tensor, Tensor, Tensor, Tensor> forward, Func<Memory<float>, double> judge)
    {
        TorchRuntime.Use(threads);
        DisposeScope kept = NewDisposeScope();
        Tensor q = TorchRuntime.Of(tensors.Q, tensors), k = TorchRuntime.Of(tensors.K, tensors), v = TorchRuntime.Of(tensors.V, tensors);

        PinnedBuffer copy = tensors.NewOutput();
        Forward(o => o.contiguous().data<float>().CopyTo(copy.Span));
        return new Contestant(() => Forward(null), judge(copy.Memory), Variant.AllowedPeerRms, kept);

        void Forward(Action<Tensor>? use)
        {
            using IDisposable inference = inference_mode(true);
            using DisposeScope scope = NewDisposeScope();
            Tensor o = forward(q, k, v);
            use?.Invoke(o);
        }
    }

    /// <summary>Heads first, as the kernel wants them, by strides alone.</summary>
    private static Tensor CausalSoftmax(Tensor q, Tensor k, Tensor v) => nn.functional.scaled_dot_product_attention(
        q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2), attn_mask: null, p: 0, is_casual: true).transpose(1, 2);

    private static void RequireWholeChunks(Tensors tensors)
    {
        if (tensors.Shape.Length % ChunkedLinearAttention.Chunk != 0)
            throw new RowUnavailableException($"the chunked form takes whole chunks of {ChunkedLinearAttention.Chunk} tokens");
    }
}
