using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KernelGen.Runtime;

namespace KernelGen.Tests.Runtime.Reference;

/// <summary>
/// The contract of <see cref="IStateKernel{T}"/> in plain scalar code: the least that a generated kernel has to do, with the chunk carried
/// over in the state block. Poisons its scratch, and refuses memory that is not aligned.
/// </summary>
internal readonly partial struct ScalarKernel<TDeclaration, T> : IStateKernel<T>
    where TDeclaration : struct, IDeclaration
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static KernelTraits Traits => TDeclaration.Traits;

    public static void Sweep(InstructionSet level, ref KernelFrame<T> frame)
    {
        Prepare(level, ref frame, Traits.ScratchLength);
        int rows = frame.Begin;
        for (int t = 0; t < frame.Length; t++)
        {
            Append(ref frame, t, rows++);
            if (Traits.Causal)
                Output(ref frame, t, rows);
            if (rows < Traits.ChunkSize)
                continue;
            FoldChunk(ref frame, rows);
            rows = 0;
        }

        if (frame.Fold && rows > 0)
            FoldChunk(ref frame, rows);
    }

    public static void Read(InstructionSet level, ref KernelFrame<T> frame)
    {
        Prepare(level, ref frame, Traits.ScratchLength);
        for (int t = 0; t < frame.Length; t++)
            Output(ref frame, t, rows: 0);
    }

    public static void Contribute(InstructionSet level, ref KernelFrame<T> frame) => throw new InvalidOperationException("not cut along the sequence");

    public static void Fold(InstructionSet level, ref KernelFrame<T> frame) => throw new InvalidOperationException("not cut along the sequence");

    public static void Emit(InstructionSet level, ref KernelFrame<T> frame) => throw new InvalidOperationException("not cut along the sequence");

    private static T Map(T x) => T.CreateTruncating(TDeclaration.Map.Value(double.CreateTruncating(x)));

    private static T Fade(ref KernelFrame<T> frame, int tokens) =>
        Traits.Decay == Decay.None ? T.One : T.Exp(-frame.Slope * T.CreateTruncating(tokens));

    private static unsafe void Prepare(InstructionSet level, ref KernelFrame<T> frame, int scratchLength)
    {
        // Not Assert: it allocates.
        nuint misaligned = ((nuint)Unsafe.AsPointer(ref frame.State) | (nuint)Unsafe.AsPointer(ref frame.Scratch)) % 64;
        if (misaligned != 0 || !InstructionSetSupport.IsSupported(level))
            throw new InvalidOperationException($"{level}, {misaligned} bytes off a line");
        MemoryMarshal.CreateSpan(ref frame.Scratch, scratchLength).Fill(T.NaN);
    }

    private static ref T Key(ref KernelFrame<T> frame, int row) =>
        ref Unsafe.Add(ref frame.State, Traits.State.ChunkOffset + (row * Traits.FeatureDim));

    private static ref T Value(ref KernelFrame<T> frame, int row) =>
        ref Unsafe.Add(ref frame.State, Traits.State.ChunkOffset + (Traits.ChunkSize * Traits.FeatureDim) + (row * Traits.ValueDim));

    private static ref T Sum(ref KernelFrame<T> frame, int m, int e) =>
        ref Unsafe.Add(ref frame.State, Traits.State.SumOffset + (m * Traits.State.SumStride) + e);

    private static void Append(ref KernelFrame<T> frame, int t, int row)
    {
        bool seen = Unsafe.IsNullRef(in frame.KeyMask) || Unsafe.Add(ref Unsafe.AsRef(in frame.KeyMask), t);
        for (int m = 0; m < Traits.FeatureDim; m++)
            Unsafe.Add(ref Key(ref frame, row), m) = seen ? Map(Unsafe.Add(ref Unsafe.AsRef(in frame.K), (t * frame.KStride) + m)) : T.Zero;
        for (int e = 0; e < Traits.ValueDim; e++)
            Unsafe.Add(ref Value(ref frame, row), e) = seen ? Unsafe.Add(ref Unsafe.AsRef(in frame.V), (t * frame.VStride) + e) : T.Zero;
    }

    private static void Output(ref KernelFrame<T> frame, int t, int rows)
    {
        Span<T> q = stackalloc T[Traits.FeatureDim];
        Span<T> o = stackalloc T[Traits.ValueDim];
        T weights = T.Zero;
        T fade = Fade(ref frame, rows);
        for (int m = 0; m < q.Length; m++)
        {
            q[m] = Map(Unsafe.Add(ref Unsafe.AsRef(in frame.Q), (t * frame.QStride) + m));
            for (int e = 0; e < o.Length; e++)
                o[e] += q[m] * fade * Sum(ref frame, m, e);
            if (Traits.Normalized)
                weights += q[m] * fade * Unsafe.Add(ref frame.State, Traits.State.NormalizerOffset + m);
        }

        for (int s = 0; s < rows; s++)
        {
            T weight = T.Zero;
            for (int m = 0; m < q.Length; m++)
                weight += q[m] * Unsafe.Add(ref Key(ref frame, s), m);
            weight *= Fade(ref frame, rows - 1 - s);
            weights += weight;
            for (int e = 0; e < o.Length; e++)
                o[e] += weight * Unsafe.Add(ref Value(ref frame, s), e);
        }

        T divisor = Traits.Normalized ? weights + T.CreateTruncating(TDeclaration.Epsilon) : T.One;
        for (int e = 0; e < o.Length; e++)
            Unsafe.Add(ref frame.O, (t * frame.OStride) + e) = o[e] / divisor;
    }

    /// <summary>S &lt;- fade^rows S + sum_s fade^(rows - 1 - s) phi(k_s) v_s, and z likewise.</summary>
    private static void FoldChunk(ref KernelFrame<T> frame, int rows)
    {
        StateLayout layout = Traits.State;
        T fade = Fade(ref frame, rows);
        for (int m = 0; m < Traits.FeatureDim; m++)
        {
            for (int e = 0; e < Traits.ValueDim; e++)
            {
                T local = T.Zero;
                for (int s = 0; s < rows; s++)
                    local += Fade(ref frame, rows - 1 - s) * Unsafe.Add(ref Key(ref frame, s), m) * Unsafe.Add(ref Value(ref frame, s), e);
                Add(ref frame, (m * layout.SumStride) + e, layout.SumOffset, layout.SumCompensationOffset, fade, local);
            }

            if (!Traits.Normalized)
                continue;
            T localWeight = T.Zero;
            for (int s = 0; s < rows; s++)
                localWeight += Fade(ref frame, rows - 1 - s) * Unsafe.Add(ref Key(ref frame, s), m);
            Add(ref frame, m, layout.NormalizerOffset, layout.NormalizerCompensationOffset, fade, localWeight);
        }
    }

    private static void Add(ref KernelFrame<T> frame, int index, int offset, int compensationOffset, T fade, T local)
    {
        ref T sum = ref Unsafe.Add(ref frame.State, offset + index);
        if (compensationOffset < 0)
        {
            sum = (fade * sum) + local;
            return;
        }

        ref T error = ref Unsafe.Add(ref frame.State, compensationOffset + index);
        T add = local + error;
        T next = sum + add;
        T grown = next - sum;
        error = (sum - (next - grown)) + (add - grown);
        sum = next;
    }
}
