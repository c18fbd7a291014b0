using BenchmarkDotNet.Attributes;
using KernelGen.Benchmarks.Measurements;
using KernelGen.Benchmarks.Measuring;

namespace KernelGen.Benchmarks.Record;

/// <summary>Whole forward passes of one sequence of eight heads, by length and head dim.</summary>
[MemoryDiagnoser]
public class ForwardBenchmarks
{
    private const int Heads = 8;

    private Tensors _tensors = null!;
    private PinnedBuffer _output = null!;

    [Params(256, 1024, 4096)]
    public int Length { get; set; }

    [Params(64, 128)]
    public int HeadDim { get; set; }

    [GlobalSetup]
    public void Allocate()
    {
        _tensors = new Tensors(new AttentionShape(Batch: 1, Length, Heads), HeadDim);
        _output = _tensors.NewOutput();
    }

    [Benchmark]
    public void LinearTransformer() => Run(HeadDim == 64 ? Variant.LinearTransformer64 : Variant.LinearTransformer128);

    [Benchmark]
    public void Lightning() => Run(HeadDim == 64 ? Variant.Lightning64 : Variant.Lightning128);

    private void Run(Variant variant) =>
        variant.Forward(_tensors.Q.Span, _tensors.K.Span, _tensors.V.Span, _output.Span, _tensors.Shape, new AttentionOptions<float> { MaxDegreeOfParallelism = 1 });
}
