using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Runtime;

/// <summary>
/// The gradients of a dense layer from dz, over checked tensors. Everything is added to what the gradients hold. Tokens are taken in chunks, each of which is summed
/// from zero: that grouping belongs to the layer and not to the threads.
/// </summary>
internal static class DenseBackward
{
    /// <summary>dh += dz W.</summary>
    public static void Inputs<TKernel, T>(DenseContext<T> context, DenseWeights<T> weights, ref readonly T dz, ref T dh, int tokens)
        where TKernel : struct, IDenseKernel<T>
        where T : unmanaged
    {
        DenseFrame<T> frame = new()
        {
            Upstream = ref dz,
            UpstreamStride = TKernel.Traits.WeightRows,
            Weights = ref weights.Backward,
            Output = ref dh,
            OutputStride = TKernel.Traits.Inputs,
        };
        context.Run<TKernel>(DensePhase.InputGradient, frame, tokens, TKernel.Traits.Inputs);
    }

    /// <summary>dW += dz^T h and db += sum of dz, an empty span where one is not wanted.</summary>
    /// <param name="context">The call's.</param>
    /// <param name="dz">First row.</param>
    /// <param name="h">First row.</param>
    /// <param name="tokens">Rows.</param>
    /// <param name="weightGradient">dW.</param>
    /// <param name="biasGradient">db.</param>
    /// <param name="room"><see cref="Room"/> elements, on a 64-byte line.</param>
    public static void Weights<TKernel, T>(DenseContext<T> context, ref readonly T dz, ref readonly T h, int tokens, Span<T> weightGradient, Span<T> biasGradient, ref T room)
        where TKernel : struct, IDenseKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        DenseTraits traits = TKernel.Traits;
        ref T left = ref room, panels = ref Unsafe.Add(ref room, LeftLength(traits)), sums = ref Unsafe.Add(ref panels, (nint)traits.Padded(traits.Inputs) * traits.TokenChunk);
        for (int t = 0; t < tokens; t += traits.TokenChunk)
        {
            int count = Math.Min(traits.TokenChunk, tokens - t);
            ref T rows = ref Unsafe.Add(ref Unsafe.AsRef(in dz), (nint)t * traits.WeightRows);
            if (!biasGradient.IsEmpty)
                AddRows(MemoryMarshal.CreateReadOnlySpan(in rows, count * traits.WeightRows), MemoryMarshal.CreateSpan(ref sums, traits.WeightRows), biasGradient);
            if (weightGradient.IsEmpty)
                continue;
            context.Run(new PackWork<T>(traits, ref rows, ref Unsafe.Add(ref Unsafe.AsRef(in h), (nint)t * traits.Inputs), count, ref left, ref panels));
            DenseFrame<T> frame = new()
            {
                Left = ref left,
                Weights = ref panels,
                Depth = count,
                Output = ref MemoryMarshal.GetReference(weightGradient),
                OutputStride = traits.Inputs,
            };
            context.Run<TKernel>(DensePhase.WeightGradient, frame, traits.WeightRows, traits.Inputs);
        }
    }

    /// <summary>Elements that <see cref="Weights"/> packs a chunk into.</summary>
    public static long Room(DenseTraits traits) => LeftLength(traits) + ((long)traits.Padded(traits.Inputs) * traits.TokenChunk) + traits.Padded(traits.WeightRows);

    /// <summary>A chunk's sum from zero, in order of its rows, and then to the rest: additions of single elements, the same on every machine.</summary>
    private static void AddRows<T>(ReadOnlySpan<T> rows, Span<T> sums, Span<T> total)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        sums.Clear();
        for (int t = 0; t < rows.Length; t += sums.Length)
            TensorPrimitives.Add(sums, rows.Slice(t, sums.Length), sums);
        TensorPrimitives.Add(total, sums, total);
    }

    private static nint LeftLength(DenseTraits traits) => (nint)traits.WeightRows * traits.TokenChunk;

    /// <summary>A chunk's dz transposed, and its h in panels.</summary>
    private readonly ref struct PackWork<T> : IParallelWork
        where T : unmanaged
    {
        private const int Columns = 128;

        private readonly DenseTraits _traits;
        private readonly ref T _dz;
        private readonly ref T _h;
        private readonly ref T _left;
        private readonly ref T _panels;
        private readonly int _tokens;
        private readonly int _transposes;

        public PackWork(DenseTraits traits, ref T dz, ref T h, int tokens, ref T left, ref T panels)
        {
            (_traits, _tokens) = (traits, tokens);
            _dz = ref dz;
            _h = ref h;
            _left = ref left;
            _panels = ref panels;
            _transposes = (traits.WeightRows + Columns - 1) / Columns;
        }

        public int Units => _transposes + ((_traits.Inputs + Columns - 1) / Columns);

        public void Run(int unit, int worker, WorkerTeam team)
        {
            if (unit < _transposes)
            {
                int first = unit * Columns;
                PanelPacking.Transpose(
                    in Unsafe.Add(ref _dz, first), _traits.WeightRows, ref Unsafe.Add(ref _left, (nint)first * _traits.TokenChunk), _traits.TokenChunk, _tokens, Math.Min(Columns, _traits.WeightRows - first));
                return;
            }

            int width = _traits.PanelWidth, group = Columns / width, panel = (unit - _transposes) * group;
            PanelPacking.Plain(in _h, _traits.Inputs, _tokens, _traits.Inputs, width, panel, Math.Min(panel + group, _traits.Padded(_traits.Inputs) / width), ref _panels);
        }
    }
}
