using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary>
/// Gradients of keys and values that several query heads share and that are of a 16-bit format: added up unrounded, behind what phases leave for one another,
/// and rounded once, when the last head of the group has run.
/// </summary>
internal static class GroupSums
{
    /// <summary>Elements a token that the sums need; 0 where a call has none.</summary>
    public static int TokenElements(KernelTraits traits, in Geometry geometry) =>
        traits.IsNarrow && geometry.Group > 1 ? traits.HeadDim + traits.ValueDim : 0;

    /// <summary>Sends dk and dv of a frame to the sums, where a call has them.</summary>
    public static void Redirect<T>(scoped in BackwardContext<T> context, scoped ref KernelFrame<T> frame, KernelTraits traits)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (context.Modes.Keys != OutputMode.Keep)
            return;
        frame.KeyGradient = ref Unsafe.Add(ref frame.Tokens, traits.Backward!.TokenElements * frame.TokenStride);
        frame.KeyGradientStride = traits.HeadDim;
        frame.ValueGradient = ref Unsafe.Add(ref frame.KeyGradient, traits.HeadDim * frame.TokenStride);
        frame.ValueGradientStride = traits.ValueDim;
    }

    /// <summary>After the last head of a group, rounds the sums to the caller's rows, where a call has them.</summary>
    public static void Round<T>(scoped in BackwardContext<T> context, int sequence, int head, scoped ref KernelFrame<T> frame, KernelTraits traits)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Geometry geometry = context.Call.Geometry;
        if (context.Modes.Keys != OutputMode.Keep || (head + 1) % geometry.Group != 0)
            return;
        SequenceRange range = context.Call.Range(sequence);
        int keyHead = head / geometry.Group;
        ref float dk = ref context.Call.Tensors.KeyGradient.Row<float>(geometry.Key.Offset(range.Batch, keyHead, range.KeyStart));
        ref float dv = ref context.Call.Tensors.ValueGradient.Row<float>(geometry.Value.Offset(range.Batch, keyHead, range.KeyStart));
        Round(ref Unsafe.As<T, float>(ref frame.KeyGradient), ref dk, geometry.Key.Token, range.KeyLength, traits.HeadDim, traits.DType);
        Round(ref Unsafe.As<T, float>(ref frame.ValueGradient), ref dv, geometry.Value.Token, range.KeyLength, traits.ValueDim, traits.DType);
    }

    private static void Round(ref float sums, ref float output, nint stride, int rows, int columns, DType type)
    {
        if (type == DType.Float16)
            OutputStore.Narrow<Half>(ref sums, columns, ref output, stride, 0, rows, columns, OutputMode.Store);
        else
            OutputStore.Narrow<BFloat16>(ref sums, columns, ref output, stride, 0, rows, columns, OutputMode.Store);
    }
}
