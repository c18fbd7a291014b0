using System.Runtime.InteropServices;
using ILGPU;

namespace KernelGen.Gpu;

/// <summary>What the fold over the runs of cut sequences needs to know.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FoldShape
{
    public long Runs;
    public long Tokens;
    public long Heads;
    public long Packed;
    public long StateLength;
    public long Offset;
    public long CompensationOffset;
    public long Count;
    public int Reverse;
}

/// <summary>
/// The fold of <see cref="GpuCutting"/>, a thread for each element of the state: in the slot of every run lies what its tokens contribute, L; it is left the state before the
/// run, S, and S &lt;- a S + L, a = exp(-slope tokens), from left to right, or for gradients from right to left. Where nothing decays the sum is compensated.
/// </summary>
internal static class StateFolding
{
    public static void Run(
        Index1D index, FoldShape shape, ArrayView<float> slots, ArrayView<float> before, ArrayView<float> after, ArrayView<float> slopes, ArrayView<int> starts)
    {
        int pair = index / (int)shape.Count, element = index - (pair * (int)shape.Count), sequence = pair / (int)shape.Heads, head = pair - (sequence * (int)shape.Heads);
        long entry = sequence * shape.Packed, length = starts[entry + 1] - starts[entry];
        long outer = ((long)pair * shape.StateLength) + shape.Offset + element, outerError = ((long)pair * shape.StateLength) + shape.CompensationOffset + element;
        bool isCompensated = shape.CompensationOffset >= 0;
        float sum = before.Length > 0 ? before[outer] : 0f, error = isCompensated && before.Length > 0 ? before[outerError] : 0f;
        for (long i = 0; i < shape.Runs; i++)
        {
            long run = shape.Reverse != 0 ? shape.Runs - 1 - i : i, slot = ((pair * shape.Runs) + run) * shape.StateLength;
            long tokens = Math.Max(0L, Math.Min(shape.Tokens, length - (run * shape.Tokens)));
            float local = slots[slot + shape.Offset + element];
            slots[slot + shape.Offset + element] = sum;
            if (isCompensated)
            {
                float y = local + (slots[slot + shape.CompensationOffset + element] + error), total = sum + y;
                slots[slot + shape.CompensationOffset + element] = error;
                error = y - (total - sum);
                sum = total;
            }
            else
            {
                sum = (GpuMath.Exp(-slopes[head] * tokens) * sum) + local;
            }
        }

        if (after.Length == 0)
            return;
        after[outer] = sum;
        if (isCompensated)
            after[outerError] = error;
    }
}
