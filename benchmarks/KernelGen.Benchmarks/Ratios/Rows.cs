using KernelGen.Benchmarks.Machine;
using KernelGen.Benchmarks.Measurements;
using KernelGen.Benchmarks.Measuring;
using KernelGen.Benchmarks.Peers;

namespace KernelGen.Benchmarks.Ratios;

/// <summary>THE table: every figure that KernelGen's performance is judged by, float32, causal, one thread unless a row says more, [B, T, H, D] with B = 1 and D = E.</summary>
internal static class Rows
{
    public static IReadOnlyList<Row> All { get; } =
    [
        .. Machine(),
        .. Forward(Variant.LinearTransformer64, heads: 8, length: 4096),
        .. Forward(Variant.LinearTransformer128, heads: 8, length: 4096),
        .. ForwardTorchSharp(Variant.LinearTransformer64, heads: 8, length: 4096),
        .. ForwardTorchSharp(Variant.LinearTransformer128, heads: 8, length: 4096),
        BackwardTorchSharp(Variant.LinearTransformer64, heads: 8, length: 4096),
        new("forward.linear_transformer.h8.t4096.d64.bfloat16_over_float32_time", "x",
            "time of the forward pass with q, k, v and o in bfloat16 over that in float32: half the bytes, as much arithmetic; lower is better",
            () => StorageComparison.OfBFloat16(8, 4096)),
        new("forward.lightning.h1.t1024.d64.useful_peak_fraction", "of peak",
            "useful flops (4 D E a token and head) per second, over the AVX-512 FMA peak; in the caches",
            () => MachineFractions.OfPeak(Variant.Lightning64, 1, 1024, InstructionSet.Avx512)),
        new("forward.lightning.h1.t1024.d128.useful_peak_fraction", "of peak",
            "the same, D 128",
            () => MachineFractions.OfPeak(Variant.Lightning128, 1, 1024, InstructionSet.Avx512)),
        OnAvx2("forward.lightning.h1.t1024.d128.avx2.useful_peak_fraction",
            "the same over the AVX2 FMA peak; both in a process without AVX-512, whose registers a mere cap would leave to the JIT",
            () => MachineFractions.OfPeak(Variant.Lightning128, 1, 1024, InstructionSet.Avx2)),
        new("forward.lightning.h8.t4096.d128.roofline_fraction", "of roofline",
            "the longer of useful flops at peak and q, k, v, o once at their stream bandwidth, over the time taken",
            () => MachineFractions.OfRoofline(Variant.Lightning128, 8, 4096, InstructionSet.Avx512)),
        new("forward.performer.h1.t1024.d64.m256.useful_peak_fraction", "of peak",
            "useful flops (4 M E + 4 M D a token and head: state and projections of q and k) per second, over the FMA peak of the widest level; the map's time included",
            () => FeatureFigures.Performer(1024)),
        new("forward.hedgehog.h1.t1024.d128.f64.useful_peak_fraction", "of peak",
            "the same: F 64 rows a projection, 2 F features",
            () => FeatureFigures.Hedgehog(1024)),
        new("forward.user_map_over_built_in_time", "x",
            "time of elu + 1 written by a user over that of the built-in map, h1 t1024 d64: lower is better",
            () => FeatureFigures.OwnMap(1, 1024)),
        new("backward.linear_transformer.h8.t4096.d64.over_forward", "x",
            "time of the backward pass over that of the forward pass of the same call: lower is better",
            () => BackwardFigures.OverForward(Variant.LinearTransformer64, 8, 4096)),
        new("backward.linear_transformer.h1.t1024.d64.useful_peak_fraction", "of peak",
            "useful flops (8 D E a token and head) per second, over the AVX-512 FMA peak; in the caches",
            () => BackwardFigures.OfPeak(Variant.LinearTransformer64, 1, 1024, InstructionSet.Avx512)),
        new("forward.transnormer_block.e512.h4.glu1408.t4096.useful_peak_fraction", "of peak",
            "a TransNormerLLM block: useful flops (2 a weight and token, 4 D E a head and token) per second, over the FMA peak of the widest level",
            () => BlockFigures.Forward(4096)),
        new("backward.transnormer_block.e512.h4.glu1408.t4096.useful_peak_fraction", "of peak",
            "its backward pass with all weight gradients, from the activations of a forward pass: twice the useful flops",
            () => BlockFigures.Backward(4096)),
        .. TwoThreads(),
        .. LongSequences(Variant.Lightning64),
        Accuracy(Variant.LinearTransformer64),
        Accuracy(Variant.Lightning64),
        new("generator.declaration_ms", "ms",
            "one generator run after an edit to a declaration's argument, warm, median",
            GeneratorLatency.Declaration),
        new("generator.unrelated_edit_ms", "ms",
            "one generator run after an edit elsewhere, beside ten declarations, warm, median",
            GeneratorLatency.UnrelatedEdit),
        .. Decoding(Variant.Lightning128, heads: 32),
    ];

    private static IEnumerable<Row> Machine()
    {
        foreach ((string name, InstructionSet level) in new[]
                 {
                     ("avx512", InstructionSet.Avx512), ("avx2", InstructionSet.Avx2), ("vector128", InstructionSet.Vector128),
                 })
        {
            yield return new($"machine.fma_peak_{name}_gflops", "GFLOP/s", $"float32 fused multiply-adds of one core, {level}",
                () => new Reading(MachineLimits.FmaPeak(level) / 1e9));
        }

        foreach ((string name, long bytes) in new[] { ("32kib", 32L << 10), ("512kib", 512L << 10), ("8mib", 8L << 20), ("256mib", 256L << 20) })
        {
            yield return new($"machine.read_gbps_{name}", "GB/s", "repeated reads of a working set of that size, one core",
                () => new Reading(MachineLimits.ReadBandwidth(bytes) / 1e9));
        }

        yield return new("machine.stream_gbps_64mib", "GB/s", "three arrays read, one written, that many bytes in all, each counted once",
            () => new Reading(MachineLimits.StreamBandwidth(64L << 20) / 1e9));
    }

    private static IEnumerable<Row> Forward(Variant variant, int heads, int length)
    {
        Lazy<Contest> contest = new(() => ForwardComparison.Run(variant, heads, length, Placement.Line));
        string name = $"forward.{variant.Name}.h{heads}.t{length}.d{variant.HeadDim}";
        yield return new($"{name}.vs_onnxruntime", "x",
            "times faster than ONNX Runtime's LinearAttention; map and normaliser fused in ours, absent in theirs",
            () => Reading.Ratio(contest.Value.Of(ForwardComparison.Bare), contest.Value.Of(ForwardComparison.Ours)));
        yield return new($"{name}.vs_onnxruntime_plus_passes", "x",
            "times faster than the same op with elu + 1 and the normaliser as vectorised passes: equal mathematics",
            () => Reading.Ratio(contest.Value.Of(ForwardComparison.WithPasses), contest.Value.Of(ForwardComparison.Ours)));
        Lazy<Contest> plain = new(() => ForwardComparison.Run(variant, heads, length, Placement.Array));
        yield return new($"{name}.plain_arrays.vs_onnxruntime", "x",
            "the same where q, k, v, o and ONNX Runtime's state lie as the runtime places arrays, on no cache line",
            () => Reading.Ratio(plain.Value.Of(ForwardComparison.Bare), plain.Value.Of(ForwardComparison.Ours)));
        yield return new($"{name}.ms", "ms", "ours", () => Reading.Milliseconds(contest.Value.Of(ForwardComparison.Ours)));
        yield return new($"{name}.onnxruntime_ms", "ms", "ONNX Runtime's bare op",
            () => Reading.Milliseconds(contest.Value.Of(ForwardComparison.Bare)));
    }

    private static IEnumerable<Row> ForwardTorchSharp(Variant variant, int heads, int length)
    {
        Lazy<Contest> contest = new(() => TorchSharpComparison.Run(variant, heads, length));
        string name = $"forward.{variant.Name}.h{heads}.t{length}.d{variant.HeadDim}";
        yield return new($"{name}.vs_torchsharp", "x",
            $"times faster than chunks of eager operations; map and normaliser fused in ours, absent in theirs; theirs on {TorchSharpPeers.Allocator}",
            () => Reading.Ratio(contest.Value.Of(TorchSharpComparison.Chunked), contest.Value.Of(TorchSharpComparison.Ours)));
        yield return new($"{name}.vs_torchsharp_sdpa", "x",
            "times faster than exact softmax attention, PyTorch's fused causal kernel: other mathematics for the same purpose",
            () => Reading.Ratio(contest.Value.Of(TorchSharpComparison.Softmax), contest.Value.Of(TorchSharpComparison.Ours)));
        yield return new($"{name}.torchsharp_ms", "ms", "TorchSharp's chunks",
            () => Reading.Milliseconds(contest.Value.Of(TorchSharpComparison.Chunked)));
        yield return new($"{name}.torchsharp_sdpa_ms", "ms", "TorchSharp's softmax attention",
            () => Reading.Milliseconds(contest.Value.Of(TorchSharpComparison.Softmax)));
    }

    private static Row BackwardTorchSharp(Variant variant, int heads, int length) => new(
        $"backward.{variant.Name}.h{heads}.t{length}.d{variant.HeadDim}.torchsharp_ms", "ms",
        $"TorchSharp's gradients of the bare op by autograd, without the forward pass before it; on {TorchSharpPeers.Allocator}",
        () => Reading.Milliseconds(TorchSharpComparison.RunBackward(variant.HeadDim, heads, length).Of(TorchSharpComparison.Chunked)));

    private static Row OnAvx2(string name, string doc, Func<Reading> measure) =>
        new(name, "of peak", doc, () => NarrowerProcess.WithoutAvx512(name, measure));

    private static IEnumerable<Row> TwoThreads()
    {
        const string doc = "time of the call on one thread over its time on two";
        yield return new("forward.linear_transformer.h1.t65536.d64.two_threads_speedup", "x", doc + ": one head, cut along the sequence",
            () => ThreadFigures.ForwardSpeedup(Variant.LinearTransformer64, 1, 65536, 2));
        yield return new("backward.linear_transformer.h1.t65536.d64.two_threads_speedup", "x", doc + ": one head, cut along the sequence",
            () => ThreadFigures.BackwardSpeedup(Variant.LinearTransformer64, 1, 65536, 2));
        yield return new("forward.linear_transformer.h8.t4096.d128.two_threads_speedup", "x", doc + ": heads shared out",
            () => ThreadFigures.ForwardSpeedup(Variant.LinearTransformer128, 8, 4096, 2));
        yield return new("backward.linear_transformer.h8.t4096.d64.two_threads_speedup", "x", doc + ": heads shared out",
            () => ThreadFigures.BackwardSpeedup(Variant.LinearTransformer64, 8, 4096, 2));
    }

    private static IEnumerable<Row> LongSequences(Variant variant)
    {
        Lazy<LongSequence> sequence = new(() => LongSequence.Run(variant));
        string name = $"forward.{variant.Name}.h1.d{variant.HeadDim}";
        yield return new($"{name}.time_per_token_t1048576_over_t131072", "x",
            "time per token of one call with 2^20 tokens over one with 2^17: 1 is linear time",
            () => sequence.Value.TimePerToken);
        yield return new($"{name}.extra_bytes_t1048576", "bytes",
            "allocated by one call with 2^20 tokens, its whole workspace included",
            () => sequence.Value.ExtraBytes);
    }

    private static Row Accuracy(Variant variant) => new(
        $"accuracy.{variant.Name}.h1.d{variant.HeadDim}.t1048576.relative_rms", "relative",
        "||o - o'|| / ||o'|| over 2^20 tokens, o' in double",
        () => LongSequence.Accuracy(variant));

    private static IEnumerable<Row> Decoding(Variant variant, int heads)
    {
        Lazy<Contest> contest = new(() => Decode.Run(variant, heads));
        string name = $"decode.{variant.Name}.h{heads}.d{variant.HeadDim}";
        yield return new($"{name}.us_per_step", "us", "one token of one sequence through every head, averaged over whole chunks",
            () => Reading.Of(contest.Value.Of(Decode.Ours), static seconds => seconds * 1e6 / Decode.Steps));
        yield return new($"{name}.vs_onnxruntime", "x", "times faster than ONNX Runtime's op continuing its state; ours decays, theirs does not",
            () => Reading.Ratio(contest.Value.Of(Decode.Bare), contest.Value.Of(Decode.Ours)));
        yield return new($"{name}.read_bandwidth_fraction", "of bandwidth",
            "bytes a step must move (S, the mean unfinished rows, S twice a chunk) over the time, over one core's read bandwidth on that many bytes of states",
            () =>
            {
                double bandwidth = MachineLimits.ReadBandwidth((long)(Decode.StateElements(variant) * heads * sizeof(float)));
                return Reading.Of(contest.Value.Of(Decode.Ours), seconds => Decode.BytesPerStep(variant, heads) * Decode.Steps / seconds / bandwidth);
            });
    }
}
