using KernelGen.Benchmarks.Measuring;
using KernelGen.Benchmarks.Peers;

namespace KernelGen.Benchmarks.Measurements;

/// <summary>
/// Decode steps of one sequence with its states in the cache, against ONNX Runtime's op continuing its state. Ours decays, the op does not.
/// </summary>
internal static class Decode
{
    public const string Ours = "KernelGen", Bare = "ONNX Runtime";

    /// <summary>
    /// Steps timed together: a whole number of chunks of any size, because the step that completes a chunk costs more than the others.
    /// </summary>
    public const int Steps = 128;

    private static readonly TimeSpan _budget = TimeSpan.FromSeconds(3);

    public static Contest Run(Variant variant, int heads)
    {
        Tensors tokens = new(new AttentionShape(Batch: 1, Steps, heads), variant.HeadDim);
        return new Contest()
            .Enter(Ours, () => EnterOurs(variant, tokens))
            .Enter(Bare, () => EnterBare(tokens))
            .Run(_budget);
    }

    /// <summary>
    /// Bytes of a step, averaged over a chunk: S read once, the rows of the unfinished chunk, and S read and written when the chunk completes.
    /// </summary>
    public static double BytesPerStep(Variant variant, int heads)
    {
        int dim = variant.HeadDim, chunk = variant.Info.ChunkSize;
        double rows = (chunk - 1) / 2.0;
        return sizeof(float) * heads * (StateElements(variant) * (1 + (2.0 / chunk)) + (rows * 2 * dim));
    }

    public static double StateElements(Variant variant) => (double)variant.HeadDim * variant.HeadDim;

    private static Contestant EnterOurs(Variant variant, Tensors tokens)
    {
        PinnedBuffer o = tokens.NewOutput();
        AttentionState<float> state = variant.CreateState(tokens.Shape.Batch, tokens.Shape.Heads);
        int width = tokens.Shape.Heads * tokens.HeadDim;
        for (int at = 0; at < tokens.Q.Length; at += width)
            Step(at);
        return new Contestant(Run, DoubleReference.RelativeRms(tokens, variant.Mathematics, o.Span), Variant.AllowedRms, state);

        // As for the peer: a token has just been computed when it is decoded, so its rows are in the cache.
        void Run()
        {
            for (int i = 0; i < Steps; i++)
                Step(tokens.Q.Length - width);
        }

        void Step(int at) => variant.Step(
            tokens.Q.Span.Slice(at, width), tokens.K.Span.Slice(at, width), tokens.V.Span.Slice(at, width), o.Span.Slice(at, width), state,
            new AttentionOptions<float> { MaxDegreeOfParallelism = 1 });
    }

    private static Contestant EnterBare(Tensors tokens)
    {
        // The op is bound to one token; the check moves the tokens through it, the timing repeats the last.
        Tensors token = new(tokens.Shape with { Length = 1 }, tokens.HeadDim);
        PinnedBuffer o = token.NewOutput();
        PinnedBuffer collected = tokens.NewOutput();
        int width = o.Length;
        OnnxRuntimeLinearAttention op = new(token.Shape, token.HeadDim, (token.Q, token.K, token.V, o), continues: true, threads: 1);
        for (int at = 0; at < collected.Length; at += width)
        {
            tokens.Q.Span.Slice(at, width).CopyTo(token.Q.Span);
            tokens.K.Span.Slice(at, width).CopyTo(token.K.Span);
            tokens.V.Span.Slice(at, width).CopyTo(token.V.Span);
            op.Run();
            o.Span.CopyTo(collected.Span[at..]);
        }

        return new Contestant(Run, DoubleReference.RelativeRms(tokens, Mathematics.Bare, collected.Span), Variant.AllowedPeerRms, op);

        void Run()
        {
            for (int i = 0; i < Steps; i++)
                op.Run();
        }
    }
}
