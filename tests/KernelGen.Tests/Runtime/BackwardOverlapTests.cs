using System.Runtime.InteropServices;
using KernelGen.Runtime;
using KernelGen.Tests.Runtime.Reference;

namespace KernelGen.Tests.Runtime;

/// <summary>What a backward call writes may share no memory with anything else it was given.</summary>
public class BackwardOverlapTests
{
    // One sequence, one head, six tokens, D = E = 2: tensors have 12 elements, a state 4, a normaliser 2, slopes 1.
    private const int Tensor = 12;
    private static readonly AttentionShape _shape = new(1, 6, 1);

    /// <summary>Every part of a call: what is written first, then what is read.</summary>
    private static readonly (string Name, int Length)[] s_written =
        [("dq", Tensor), ("dk", Tensor), ("dv", Tensor), ("options.InitialStateGradient", 4), ("options.InitialNormalizerGradient", 2), ("options.SlopeGradients", 1)];

    private static readonly (string Name, int Length)[] s_read =
    [
        ("q", Tensor), ("k", Tensor), ("v", Tensor), ("dO", Tensor), ("options.Slopes", 1), ("options.InitialState", 4), ("options.InitialNormalizer", 2),
        ("options.FinalStateGradient", 4), ("options.FinalNormalizerGradient", 2), ("options.KeyMask", 1), ("options.CuSeqlens", 1),
    ];

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            for (int i = 0; i < s_written.Length; i++)
            {
                foreach ((string name, int _) in s_read.Concat(s_written.Take(i)))
                    pairs.Add(s_written[i].Name, name);
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Backward_OutputOverAnything_Refused(string written, string other)
    {
        // The other part's last element is the written one's first.
        int length = s_read.Concat(s_written).Single(part => part.Name == other).Length;
        var memory = new double[100];
        var call = new Call(memory);
        call.Start[other] = 0;
        call.Start[written] = length - 1;

        ArgumentException error = Assert.Throws<ArgumentException>(written, call.Run);

        Assert.Contains($"{written}: expected memory of its own, got memory that overlaps {other}", error.Message);
    }

    [Fact]
    public void Backward_NeighboursAndSharedInputs_Accepted()
    {
        var call = new Call(new double[100]);
        int start = 0;
        foreach ((string name, int length) in s_written)
        {
            call.Start[name] = start;
            start += length;
        }

        foreach ((string name, int _) in s_read.Where(part => part.Name is not ("options.CuSeqlens" or "options.KeyMask")))
            call.Start[name] = start;

        call.Run();
    }

    /// <summary>A call whose parts lie in memory of their own, but for those that start somewhere in a common array.</summary>
    private sealed class Call(double[] memory)
    {
        public Dictionary<string, int> Start { get; } = [];

        public void Run()
        {
            Span<int> cuts = MemoryMarshal.Cast<double, int>(Part("options.CuSeqlens", 1));
            cuts[1] = 6;
            StateDriver.Backward<ScalarKernel<PerHeadDouble, double>, double>(
                Part("q", Tensor),
                Part("k", Tensor),
                Part("v", Tensor),
                Part("dO", Tensor),
                Part("dq", Tensor),
                Part("dk", Tensor),
                Part("dv", Tensor),
                _shape,
                new()
                {
                    CuSeqlens = Start.ContainsKey("options.CuSeqlens") ? cuts : default,
                    KeyMask = MemoryMarshal.Cast<double, bool>(Part("options.KeyMask", 1))[..6],
                    Slopes = Part("options.Slopes", 1),
                    InitialState = Part("options.InitialState", 4),
                    InitialNormalizer = Part("options.InitialNormalizer", 2),
                    FinalStateGradient = Part("options.FinalStateGradient", 4),
                    FinalNormalizerGradient = Part("options.FinalNormalizerGradient", 2),
                    InitialStateGradient = Part("options.InitialStateGradient", 4),
                    InitialNormalizerGradient = Part("options.InitialNormalizerGradient", 2),
                    SlopeGradients = Part("options.SlopeGradients", 1),
                });
        }

        private Span<double> Part(string name, int length) => Start.TryGetValue(name, out int start) ? memory.AsSpan(start, length) : new double[length];
    }
}
