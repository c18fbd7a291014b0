using System.Numerics;
using KernelGen.Runtime;

namespace KernelGen.Tests.Runtime.Reference;

/// <summary>One call with all its memory: random inputs, outputs that begin as NaN.</summary>
internal sealed class Problem<TDeclaration, T>
    where TDeclaration : struct, IDeclaration
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Random _random;

    public Problem(AttentionShape shape, int seed = 1)
    {
        _random = new Random(seed);
        Shape = shape;
        KeyHeads = shape.KeyValueHeads == 0 ? shape.Heads : shape.KeyValueHeads;
        KeyLength = shape.KeyLength == 0 ? shape.Length : shape.KeyLength;
        Q = Random(shape.Batch * shape.Length * shape.Heads * Traits.HeadDim);
        K = Random(shape.Batch * KeyLength * KeyHeads * Traits.HeadDim);
        V = Random(shape.Batch * KeyLength * KeyHeads * Traits.ValueDim);
        O = Poison(shape.Batch * shape.Length * shape.Heads * Traits.ValueDim);
        if (Traits.Decay == Decay.PerHead)
            Slopes = Enumerable.Range(0, shape.Heads).Select(h => T.CreateTruncating(h * 0.25)).ToArray();
    }

    public static KernelTraits Traits => TDeclaration.Traits;

    public AttentionShape Shape { get; init; }

    public int KeyHeads { get; }

    public int KeyLength { get; }

    public T[] Q { get; init; }

    public T[] K { get; init; }

    public T[] V { get; init; }

    public T[] O { get; init; }

    public int[]? CuSeqlens { get; init; }

    public int[]? KeyCuSeqlens { get; init; }

    public bool[]? KeyMask { get; set; }

    public T[]? Slopes { get; set; }

    public T[]? InitialState { get; set; }

    public T[]? InitialNormalizer { get; set; }

    public T[]? FinalState { get; set; }

    public T[]? FinalNormalizer { get; set; }

    public Workspace? Workspace { get; set; }

    public int Sequences => CuSeqlens is null ? Shape.Batch : CuSeqlens.Length - 1;

    public AttentionOptions<T> Options => new()
    {
        CuSeqlens = CuSeqlens,
        KeyCuSeqlens = KeyCuSeqlens,
        KeyMask = KeyMask,
        Slopes = Slopes,
        InitialState = InitialState,
        InitialNormalizer = InitialNormalizer,
        FinalState = FinalState,
        FinalNormalizer = FinalNormalizer,
        Workspace = Workspace,
    };

    /// <summary>The head's slope as the call has it.</summary>
    public double Slope(int head) => Traits.Decay switch
    {
        Decay.None => 0,
        Decay.PerHead => double.CreateTruncating(Slopes![head]),
        _ => LightningSlopes.Of(head, Shape.Heads),
    };

    public T[] Random(int length)
    {
        var values = new T[length];
        for (int i = 0; i < length; i++)
            values[i] = T.CreateTruncating((2 * _random.NextDouble()) - 1);
        return values;
    }

    public static T[] Poison(int length)
    {
        var values = new T[length];
        Array.Fill(values, T.NaN);
        return values;
    }

    public Problem<TDeclaration, T> WithMask()
    {
        KeyMask = new bool[Shape.Batch * KeyLength];
        for (int i = 0; i < KeyMask.Length; i++)
            KeyMask[i] = _random.Next(3) != 0;
        return this;
    }

    public Problem<TDeclaration, T> WithInitialState()
    {
        InitialState = Random(Sequences * Shape.Heads * Traits.FeatureDim * Traits.ValueDim);
        if (Traits.Normalized)
            InitialNormalizer = Random(Sequences * Shape.Heads * Traits.FeatureDim).Select(T.Abs).ToArray();
        return this;
    }

    public Problem<TDeclaration, T> WithFinalState()
    {
        FinalState = Poison(Sequences * Shape.Heads * Traits.FeatureDim * Traits.ValueDim);
        if (Traits.Normalized)
            FinalNormalizer = Poison(Sequences * Shape.Heads * Traits.FeatureDim);
        return this;
    }

    public void Run() => StateDriver.Forward<ScalarKernel<TDeclaration, T>, T>(Q, K, V, O, Shape, Options);

    public void Run(AttentionState<T> state) => StateDriver.Forward<ScalarKernel<TDeclaration, T>, T>(Q, K, V, O, Shape, state, Options);

    public AttentionState<T> CreateState() => StateDriver.CreateState<ScalarKernel<TDeclaration, T>, T>(Sequences, Shape.Heads);

    /// <summary>Where a row begins in a tensor of the problem's layout.</summary>
    public int Row(int batch, int token, int head, int tokens, int heads, int width) => Shape.Layout == TensorLayout.HeadFirst
        ? ((((batch * heads) + head) * tokens) + token) * width
        : ((((batch * tokens) + token) * heads) + head) * width;
}
