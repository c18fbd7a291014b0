using System.ComponentModel;
using System.Runtime.CompilerServices;
using ILGPU.Runtime.Cuda;

namespace KernelGen.Gpu;

/// <summary>
/// Sixteen steps of 16 x 16 sums over a warp, two products' side by side: C += A B with factors x = lead + rest, or whole in one bfloat16, by up to three products of parts: lead
/// lead, rest lead, lead rest. That of both rests is 2^-16 of the whole, and left out. For emitted kernels that <see cref="TensorCore"/> is for.
/// </summary>
/// <remarks>
/// What comes out of an inline text lies in memory for ILGPU, so a text has both loads of B's parts and all products: single ones compile several times slower, to the same
/// machine code. Operands: %0 to %7 the sums, %8 to %11 A's lead, %12 where this thread's row of B's lead begins, then A's rest, then B's.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TensorProduct
{
    private const string Begin = "{ .reg .b32 b0, b1, b2, b3; ";
    private const string Rows = "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {b0, b1, b2, b3}, ";
    private const string Steps = "ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {b0, b1, b2, b3}, ";
    private const string Multiply = "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 ";
    private const string C0 = "{%0, %1, %2, %3}";
    private const string C1 = "{%4, %5, %6, %7}";
    private const string ByLead = Multiply + C0 + ", {%8, %9, %10, %11}, {b0, b1}, " + C0 + "; " + Multiply + C1 + ", {%8, %9, %10, %11}, {b2, b3}, " + C1 + "; ";
    private const string ByRest = Multiply + C0 + ", {%13, %14, %15, %16}, {b0, b1}, " + C0 + "; " + Multiply + C1 + ", {%13, %14, %15, %16}, {b2, b3}, " + C1 + "; ";

    /// <summary>Adds a product of whole factors.</summary>
    /// <param name="c0">Sums of columns 0 to 7.</param>
    /// <param name="c1">Sums of columns 8 to 15.</param>
    /// <param name="a">A.</param>
    /// <param name="b">Address of this thread's row of B.</param>
    /// <param name="isTransposed">Whether rows of B in shared memory are its columns; a constant.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref Float4 c0, ref Float4 c1, TensorFragment a, uint b, bool isTransposed)
    {
        Ref<float> s0 = c0.X, s1 = c0.Y, s2 = c0.Z, s3 = c0.W, s4 = c1.X, s5 = c1.Y, s6 = c1.Z, s7 = c1.W;
        Input<uint> a0 = a.A0, a1 = a.A1, a2 = a.A2, a3 = a.A3, at = b;
        if (isTransposed)
            CudaAsm.EmitRef(Begin + Rows + "[%12]; " + ByLead + "}", ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref a0, ref a1, ref a2, ref a3, ref at);
        else
            CudaAsm.EmitRef(Begin + Steps + "[%12]; " + ByLead + "}", ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref a0, ref a1, ref a2, ref a3, ref at);
        c0 = new Float4(s0.Value, s1.Value, s2.Value, s3.Value);
        c1 = new Float4(s4.Value, s5.Value, s6.Value, s7.Value);
    }

    /// <summary>Adds a product whose left factor alone is split.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddLeftSplit(ref Float4 c0, ref Float4 c1, TensorFragment a, TensorFragment rest, uint b, bool isTransposed)
    {
        Ref<float> s0 = c0.X, s1 = c0.Y, s2 = c0.Z, s3 = c0.W, s4 = c1.X, s5 = c1.Y, s6 = c1.Z, s7 = c1.W;
        Input<uint> a0 = a.A0, a1 = a.A1, a2 = a.A2, a3 = a.A3, at = b, r0 = rest.A0, r1 = rest.A1, r2 = rest.A2, r3 = rest.A3;
        if (isTransposed)
        {
            CudaAsm.EmitRef(
                Begin + Rows + "[%12]; " + ByLead + ByRest + "}",
                ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref a0, ref a1, ref a2, ref a3, ref at, ref r0, ref r1, ref r2, ref r3);
        }
        else
        {
            CudaAsm.EmitRef(
                Begin + Steps + "[%12]; " + ByLead + ByRest + "}",
                ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref a0, ref a1, ref a2, ref a3, ref at, ref r0, ref r1, ref r2, ref r3);
        }

        c0 = new Float4(s0.Value, s1.Value, s2.Value, s3.Value);
        c1 = new Float4(s4.Value, s5.Value, s6.Value, s7.Value);
    }

    /// <summary>Adds a product whose right factor alone is split.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddRightSplit(ref Float4 c0, ref Float4 c1, TensorFragment a, uint b, uint bRest, bool isTransposed)
    {
        Ref<float> s0 = c0.X, s1 = c0.Y, s2 = c0.Z, s3 = c0.W, s4 = c1.X, s5 = c1.Y, s6 = c1.Z, s7 = c1.W;
        Input<uint> a0 = a.A0, a1 = a.A1, a2 = a.A2, a3 = a.A3, at = b, behind = bRest;
        if (isTransposed)
        {
            CudaAsm.EmitRef(
                Begin + Rows + "[%12]; " + ByLead + Rows + "[%13]; " + ByLead + "}",
                ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref a0, ref a1, ref a2, ref a3, ref at, ref behind);
        }
        else
        {
            CudaAsm.EmitRef(
                Begin + Steps + "[%12]; " + ByLead + Steps + "[%13]; " + ByLead + "}",
                ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref a0, ref a1, ref a2, ref a3, ref at, ref behind);
        }

        c0 = new Float4(s0.Value, s1.Value, s2.Value, s3.Value);
        c1 = new Float4(s4.Value, s5.Value, s6.Value, s7.Value);
    }

    /// <summary>Adds a product of split factors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddSplit(ref Float4 c0, ref Float4 c1, TensorFragment a, TensorFragment rest, uint b, uint bRest, bool isTransposed)
    {
        Ref<float> s0 = c0.X, s1 = c0.Y, s2 = c0.Z, s3 = c0.W, s4 = c1.X, s5 = c1.Y, s6 = c1.Z, s7 = c1.W;
        Input<uint> a0 = a.A0, a1 = a.A1, a2 = a.A2, a3 = a.A3, at = b, r0 = rest.A0, r1 = rest.A1, r2 = rest.A2, r3 = rest.A3, behind = bRest;
        if (isTransposed)
        {
            CudaAsm.EmitRef(
                Begin + Rows + "[%12]; " + ByLead + ByRest + Rows + "[%17]; " + ByLead + "}",
                ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref a0, ref a1, ref a2, ref a3, ref at, ref r0, ref r1, ref r2, ref r3, ref behind);
        }
        else
        {
            CudaAsm.EmitRef(
                Begin + Steps + "[%12]; " + ByLead + ByRest + Steps + "[%17]; " + ByLead + "}",
                ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref a0, ref a1, ref a2, ref a3, ref at, ref r0, ref r1, ref r2, ref r3, ref behind);
        }

        c0 = new Float4(s0.Value, s1.Value, s2.Value, s3.Value);
        c1 = new Float4(s4.Value, s5.Value, s6.Value, s7.Value);
    }
}
