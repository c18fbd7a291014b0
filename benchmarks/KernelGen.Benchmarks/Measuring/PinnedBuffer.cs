using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Benchmarks.Measuring;

/// <summary>Where a buffer starts.</summary>
internal enum Placement
{
    /// <summary>On a cache line: what a kernel can do at its best.</summary>
    Line,

    /// <summary>Where the runtime puts an array's elements, which is hardly ever a cache line: what callers have.</summary>
    Array,
}

/// <summary>Managed floats that never move: every contestant, native or managed, reads and writes these very bytes.</summary>
internal sealed unsafe class PinnedBuffer
{
    private const int LineBytes = 64;

    public PinnedBuffer(long length, Placement placement = Placement.Line)
    {
        float[] array = GC.AllocateUninitializedArray<float>(checked((int)length + (LineBytes / sizeof(float)) - 1), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        int skip = placement == Placement.Array ? 0 : (int)((0 - address) % LineBytes) / sizeof(float);
        Memory = array.AsMemory(skip, (int)length);
        Span.Clear();
    }

    public Memory<float> Memory { get; }

    public Span<float> Span => Memory.Span;

    public int Length => Memory.Length;

    /// <summary>Address of the first element; valid as long as this object is reachable.</summary>
    public float* Address => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Span));

    /// <summary>Uniform in [-1, 1) on a grid of 2^-23, the same for the same seed on every machine (SplitMix64).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public PinnedBuffer FillUniform(ulong seed)
    {
        foreach (ref float value in Span)
        {
            seed += 0x9E3779B97F4A7C15;
            ulong bits = seed;
            bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
            value = ((int)((bits ^ (bits >> 31)) >> 40) * (1f / (1 << 23))) - 1f;
        }

        return this;
    }
}
