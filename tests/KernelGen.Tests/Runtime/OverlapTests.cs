using System.Runtime.InteropServices;
using KernelGen.Runtime;
using KernelGen.Tests.Runtime.Reference;

namespace KernelGen.Tests.Runtime;

/// <summary>What a call writes may share no memory with anything else it was given.</summary>
public class OverlapTests
{
    // One sequence, one head: q and k 30 elements, v and o 18, a state 15, a normaliser 5.
    private static readonly AttentionShape _shape = new(1, 6, 1);

    [Fact]
    public void Forward_OutputOverAnInput_Refused()
    {
        Refused("o", "q", m => new Call() { O = m.AsSpan(29, 18), Q = m.AsSpan(0, 30) });
        Refused("o", "q", m => new Call() { O = m.AsSpan(0, 18), Q = m.AsSpan(17, 30) });
        Refused("o", "k", m => new Call() { O = m.AsSpan(0, 18), K = m.AsSpan(0, 30) });
        Refused("o", "v", m => new Call() { O = m.AsSpan(0, 18), V = m.AsSpan(0, 18) });
        Refused("o", "options.InitialState", m => new Call() { O = m.AsSpan(0, 18), InitialState = m.AsSpan(17, 15) });
        Refused("o", "options.InitialNormalizer", m => new Call() { O = m.AsSpan(4, 18), InitialNormalizer = m.AsSpan(0, 5) });
        Refused("o", "options.KeyMask", m => new Call() { O = m.AsSpan(0, 18), KeyMask = MemoryMarshal.Cast<float, bool>(m.AsSpan(17, 2))[..6] });
        Refused("o", "options.CuSeqlens", m => new Call() { O = m.AsSpan(0, 18), CuSeqlens = Packing(m.AsSpan(17, 2)) });

        static Span<int> Packing(Span<float> memory)
        {
            Span<int> cuts = MemoryMarshal.Cast<float, int>(memory);
            (cuts[0], cuts[1]) = (0, 6);
            return cuts;
        }
    }

    [Fact]
    public void Forward_FinalStateOverAnything_Refused()
    {
        Refused("options.FinalState", "q", m => new Call() { FinalState = m.AsSpan(0, 15), Q = m.AsSpan(14, 30) });
        Refused("options.FinalState", "options.InitialState", m => new Call() { FinalState = m.AsSpan(0, 15), InitialState = m.AsSpan(0, 15) });
        Refused("options.FinalNormalizer", "v", m => new Call() { FinalNormalizer = m.AsSpan(17, 5), V = m.AsSpan(0, 18) });
        Refused("options.FinalState", "o", m => new Call() { FinalState = m.AsSpan(0, 15), O = m.AsSpan(14, 18) });
        Refused("options.FinalNormalizer", "o", m => new Call() { FinalNormalizer = m.AsSpan(0, 5), O = m.AsSpan(4, 18) });
        Refused("options.FinalNormalizer", "options.FinalState", m => new Call() { FinalNormalizer = m.AsSpan(14, 5), FinalState = m.AsSpan(0, 15) });
    }

    [Fact]
    public void Forward_SlopesUnderTheOutput_Refused()
    {
        double[] memory = new double[12];
        ArgumentException error = Assert.Throws<ArgumentException>("o", () => StateDriver.Forward<ScalarKernel<PerHeadDouble, double>, double>(
            new double[12], new double[12], new double[12], memory, _shape, new() { Slopes = memory.AsSpan(11, 1) }));
        Assert.Contains("o: expected memory of its own, got memory that overlaps options.Slopes", error.Message);
    }

    [Fact]
    public void Forward_Neighbours_Accepted()
    {
        float[] memory = new float[200];
        var call = new Call() { Q = memory.AsSpan(0, 30), O = memory.AsSpan(30, 18), K = memory.AsSpan(48, 30), FinalState = memory.AsSpan(78, 15), FinalNormalizer = memory.AsSpan(93, 5) };

        call.Run();

        Assert.All(memory[98..], x => Assert.Equal(0, x));
    }

    [Fact]
    public void Forward_InputsShareMemory_Accepted()
    {
        float[] memory = new float[30];

        new Call() { Q = memory, K = memory, V = memory.AsSpan(0, 18) }.Run();
    }

    private static void Refused(string name, string other, Func<float[], Call> make)
    {
        float[] memory = new float[100];
        ArgumentException error = Assert.Throws<ArgumentException>(name, () => make(memory).Run());
        Assert.Contains($"{name}: expected memory of its own, got memory that overlaps {other}", error.Message);
    }

    private ref struct Call
    {
        public Call()
        {
            Q = new float[30];
            K = new float[30];
            V = new float[18];
            O = new float[18];
            InitialState = new float[15];
            InitialNormalizer = new float[5];
            FinalState = new float[15];
            FinalNormalizer = new float[5];
        }

        public Span<float> Q { get; init; }

        public Span<float> K { get; init; }

        public Span<float> V { get; init; }

        public Span<float> O { get; init; }

        public Span<bool> KeyMask { get; init; }

        public Span<int> CuSeqlens { get; init; }

        public Span<float> InitialState { get; init; }

        public Span<float> InitialNormalizer { get; init; }

        public Span<float> FinalState { get; init; }

        public Span<float> FinalNormalizer { get; init; }

        public readonly void Run() => StateDriver.Forward<ScalarKernel<EluFloat, float>, float>(Q, K, V, O, _shape, new()
        {
            KeyMask = KeyMask,
            CuSeqlens = CuSeqlens,
            InitialState = InitialState,
            InitialNormalizer = InitialNormalizer,
            FinalState = FinalState,
            FinalNormalizer = FinalNormalizer,
        });
    }
}
