using BenchmarkDotNet.Attributes;
using KernelGen.Benchmarks.Measurements;
using KernelGen.Benchmarks.Measuring;

namespace KernelGen.Benchmarks.Record;

/// <summary>One decode step of one sequence, by number of heads and head dim. A chunk's last step costs more than the others; this is the mean.</summary>
[MemoryDiagnoser]
public class StepBenchmarks
{
    private Variant _variant = null!;
    private Tensors _token = null!;
    private PinnedBuffer _output = null!;
    private AttentionState<float> _state = null!;

    [Params(8, 32)]
    public int Heads { get; set; }

    [Params(64, 128)]
    public int HeadDim { get; set; }

    [GlobalSetup]
    public void Allocate()
    {
        _variant = HeadDim == 64 ? Variant.Lightning64 : Variant.Lightning128;
        _token = new Tensors(new AttentionShape(Batch: 1, Length: 1, Heads), HeadDim);
        _output = _token.NewOutput();
        _state = _variant.CreateState(1, Heads);
    }

    [GlobalCleanup]
    public void Free() => _state.Dispose();

    [Benchmark]
    public void Lightning() => _variant.Step(_token.Q.Span, _token.K.Span, _token.V.Span, _output.Span, _state, new AttentionOptions<float> { MaxDegreeOfParallelism = 1 });
}
