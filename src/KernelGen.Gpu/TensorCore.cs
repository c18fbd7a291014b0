using System.ComponentModel;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace KernelGen.Gpu;

/// <summary>
/// Products of 16-bit matrices on NVIDIA's tensor cores, through inline PTX. For emitted kernels that are launched where <see cref="IsSupported"/> says so, and nowhere else:
/// ILGPU's OpenCL back end drops inline PTX without a word, its CPU accelerator ends the process, and <c>CudaAsm.IsSupported</c> is folded too late to take the code of a
/// branch out of OpenCL's source. So kernels come in pairs, with these products and without, and the host picks one.
/// </summary>
/// <remarks>
/// <para>
/// A warp multiplies A [16, 16] by B [16, 8]. With g = lane / 4 and p = lane mod 4, and two neighbouring elements a word, the lower one in the lower half (PTX ISA, "Matrix
/// Fragments for mma.m16n8k16 with floating point type"):
/// </para>
/// <list type="bullet">
/// <item>a0 = A[g, 2p ..], a1 = A[g + 8, 2p ..], a2 = A[g, 2p + 8 ..], a3 = A[g + 8, 2p + 8 ..];</item>
/// <item>b0 = B[2p .., g], b1 = B[2p + 8 .., g]: pairs down a column;</item>
/// <item>c0, c1 = C[g, 2p ..], c2, c3 = C[g + 8, 2p ..].</item>
/// </list>
/// <para>
/// So the sums of two neighbouring products, in pairs, are the words of an A: a product's result is the next one's left factor without a store. All 32 threads of a warp must
/// take part in all but the packing.
/// </para>
/// <para>
/// ILGPU takes whatever inline PTX gives for the same in all threads, and a branch on it for one that all threads take (<c>bra.uni</c>), which PTX leaves undefined where some do
/// not. Sums that anything branches on, a comparison in a map for one, pass through <see cref="PerThread"/> first.
/// </para>
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TensorCore
{
    /// <summary>Whether an accelerator has the products: those of bfloat16 and of 16 steps came with compute capability 8.0.</summary>
    public static bool IsSupported(Accelerator accelerator) => accelerator is CudaAccelerator cuda && cuda.Architecture >= CudaArchitecture.SM_80;

    /// <summary>C += A B of float16, with sums in single precision.</summary>
    public static void MultiplyFloat16(ref float c0, ref float c1, ref float c2, ref float c3, uint a0, uint a1, uint a2, uint a3, uint b0, uint b1)
    {
        Ref<float> d0 = c0, d1 = c1, d2 = c2, d3 = c3;
        Input<uint> x0 = a0, x1 = a1, x2 = a2, x3 = a3, y0 = b0, y1 = b1;
        CudaAsm.EmitRef(
            "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};",
            ref d0, ref d1, ref d2, ref d3, ref x0, ref x1, ref x2, ref x3, ref y0, ref y1);
        c0 = d0.Value;
        c1 = d1.Value;
        c2 = d2.Value;
        c3 = d3.Value;
    }

    /// <summary>C += A B of bfloat16, with sums in single precision.</summary>
    public static void MultiplyBFloat16(ref float c0, ref float c1, ref float c2, ref float c3, uint a0, uint a1, uint a2, uint a3, uint b0, uint b1)
    {
        Ref<float> d0 = c0, d1 = c1, d2 = c2, d3 = c3;
        Input<uint> x0 = a0, x1 = a1, x2 = a2, x3 = a3, y0 = b0, y1 = b1;
        CudaAsm.EmitRef(
            "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};",
            ref d0, ref d1, ref d2, ref d3, ref x0, ref x1, ref x2, ref x3, ref y0, ref y1);
        c0 = d0.Value;
        c1 = d1.Value;
        c2 = d2.Value;
        c3 = d3.Value;
    }

    /// <summary>
    /// Address, for <see cref="Load"/>, of the first memory that the kernel allocates with <c>SharedMemory.Allocate</c>. ILGPU gives kernels no address of shared memory, but its
    /// allocations a name each, by number: a kernel that calls this makes one allocation, and touches it otherwise too, or ILGPU drops it.
    /// </summary>
    public static uint SharedAddress()
    {
        CudaAsm.Emit("mov.u32 %0, __shared_alloca0;", out uint address);
        return address;
    }

    /// <summary>
    /// Four matrices [8, 8] of 16-bit elements from shared memory: thread 8 m + r gives the address of row r of matrix m, 16 bytes at a multiple of 16, and each thread gets
    /// elements 2p and 2p + 1 of row g of every matrix (PTX ISA, "Warp-level matrix load instruction: ldmatrix").
    /// </summary>
    public static void Load(uint address, out uint m0, out uint m1, out uint m2, out uint m3)
    {
        Output<uint> x0 = default, x1 = default, x2 = default, x3 = default;
        Input<uint> from = address;
        CudaAsm.EmitRef("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];", ref x0, ref x1, ref x2, ref x3, ref from);
        m0 = x0.Value;
        m1 = x1.Value;
        m2 = x2.Value;
        m3 = x3.Value;
    }

    /// <summary>As <see cref="Load"/>, but each thread gets elements g of rows 2p and 2p + 1.</summary>
    public static void LoadTransposed(uint address, out uint m0, out uint m1, out uint m2, out uint m3)
    {
        Output<uint> x0 = default, x1 = default, x2 = default, x3 = default;
        Input<uint> from = address;
        CudaAsm.EmitRef("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];", ref x0, ref x1, ref x2, ref x3, ref from);
        m0 = x0.Value;
        m1 = x1.Value;
        m2 = x2.Value;
        m3 = x3.Value;
    }

    /// <summary>Two numbers as a word of float16, to nearest, ties to even: one instruction for what <see cref="HalfWords.PackFloat16"/> does.</summary>
    public static uint PackFloat16(float low, float high)
    {
        CudaAsm.Emit("cvt.rn.f16x2.f32 %0, %1, %2;", out uint word, high, low);
        return word;
    }

    /// <summary>Two numbers as a word of bfloat16, to nearest, ties to even: one instruction for what <see cref="HalfWords.PackBFloat16"/> does.</summary>
    public static uint PackBFloat16(float low, float high)
    {
        CudaAsm.Emit("cvt.rn.bf16x2.f32 %0, %1, %2;", out uint word, high, low);
        return word;
    }

    /// <summary>The lower float16 of a word: one instruction for what <see cref="HalfWords.LowFloat16"/> does.</summary>
    public static float LowFloat16(uint word)
    {
        CudaAsm.Emit("{ .reg .b16 low, high; mov.b32 {low, high}, %1; cvt.f32.f16 %0, low; }", out float number, word);
        return PerThread(number);
    }

    /// <summary>The upper float16 of a word: one instruction for what <see cref="HalfWords.HighFloat16"/> does.</summary>
    public static float HighFloat16(uint word)
    {
        CudaAsm.Emit("{ .reg .b16 low, high; mov.b32 {low, high}, %1; cvt.f32.f16 %0, high; }", out float number, word);
        return PerThread(number);
    }

    /// <summary>
    /// Two single-precision factors as words of bfloat16 for two products: |x - lead| is at most 2^-8 |x|, and |x - lead - rest| at most 2^-17 |x|. A float16 is lead + rest
    /// exactly. Nothing is promised where x rounds to infinity or the rest is subnormal.
    /// </summary>
    /// <remarks>The difference is exact: it is a multiple of the last of x's 24 bits, and at most half of the lead's last of 8. The rest has a sign and 8 bits more.</remarks>
    public static void SplitBFloat16(float low, float high, out uint lead, out uint rest)
    {
        lead = PackBFloat16(low, high);
        rest = PackBFloat16(low - HalfWords.LowBFloat16(lead), high - HalfWords.HighBFloat16(lead));
    }

    /// <summary>A number that came of inline PTX, such that ILGPU knows that threads may have different ones. Costs nothing: lanes are below 32, which CUDA's assembler knows.</summary>
    public static float PerThread(float x) => Interop.IntAsFloat(Interop.FloatAsInt(x) | (uint)(Warp.LaneIdx >> 5));
}
