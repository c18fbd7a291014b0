using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Benchmarks.Measuring;

/// <summary>
/// Managed floats that never move and start at a cache line: every contestant, native or managed, reads and writes these very bytes.
/// </summary>
internal sealed unsafe class AlignedBuffer
{
    private const int Alignment = 64;

    public AlignedBuffer(long length)
    {
        float[] array = GC.AllocateUninitializedArray<float>(checked((int)length + (Alignment / sizeof(float)) - 1), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        int skip = (int)((Alignment - (address % Alignment)) % Alignment) / sizeof(float);
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
    public AlignedBuffer FillUniform(ulong seed)
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
