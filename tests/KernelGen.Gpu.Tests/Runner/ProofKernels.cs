using ILGPU;

namespace KernelGen.Gpu.Tests.Runner;

/// <summary>Kernels that the proofs are themselves proved with: one correct, the others each with one fault. All are public, as ILGPU needs them.</summary>
public static class ProofKernels
{
    /// <summary>Threads a group, and elements a group of all kernels but <see cref="TiledProduct"/>.</summary>
    public const int Group = 64;

    /// <summary>Rows and columns of a tile of <see cref="TiledProduct"/>: a thread has one element.</summary>
    public const int Tile = 8;

    /// <summary>C = A B of square matrices with n rows, n a multiple of the tile; groups count the tiles of C by rows. No fault.</summary>
    public static void TiledProduct(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, int n)
    {
        ArrayView<float> tileA = SharedMemory.Allocate<float>(Tile * Tile);
        ArrayView<float> tileB = SharedMemory.Allocate<float>(Tile * Tile);
        int thread = ILGPU.Group.IdxX;
        int x = thread % Tile;
        int y = thread / Tile;
        int tiles = n / Tile;
        int row = (Grid.IdxX / tiles * Tile) + y;
        int column = (Grid.IdxX % tiles * Tile) + x;

        float sum = 0;
        for (int t = 0; t < tiles; t++)
        {
            tileA[thread] = a[(row * n) + (t * Tile) + x];
            tileB[thread] = b[((t * Tile) + y) * n + column];
            ILGPU.Group.Barrier();
            for (int i = 0; i < Tile; i++)
                sum += tileA[(y * Tile) + i] * tileB[(i * Tile) + x];
            ILGPU.Group.Barrier();
        }

        c[(row * n) + column] = sum;
    }

    /// <summary>Each element becomes the next thread's, through shared memory. No fault.</summary>
    public static void Rotate(ArrayView<float> source, ArrayView<float> target)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(Group);
        int thread = ILGPU.Group.IdxX;
        long at = ((long)Grid.IdxX * Group) + thread;
        shared[thread] = source[at];
        ILGPU.Group.Barrier();
        target[at] = shared[(thread + 1) % Group];
    }

    /// <summary><see cref="Rotate"/> without its barrier.</summary>
    public static void RotateWithoutBarrier(ArrayView<float> source, ArrayView<float> target)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(Group);
        int thread = ILGPU.Group.IdxX;
        long at = ((long)Grid.IdxX * Group) + thread;
        shared[thread] = source[at];
        target[at] = shared[(thread + 1) % Group];
    }

    /// <summary>Reads one element past the end of <paramref name="source"/>.</summary>
    public static void ReadPastEnd(ArrayView<float> source, ArrayView<float> target)
    {
        int at = (Grid.IdxX * Group) + ILGPU.Group.IdxX;
        target[at] = source[at + 1];
    }

    /// <summary>Writes one element past the end of <paramref name="target"/>.</summary>
    public static void WritePastEnd(ArrayView<float> source, ArrayView<float> target)
    {
        int at = (Grid.IdxX * Group) + ILGPU.Group.IdxX;
        target[at + 1] = source[at];
    }

    /// <summary>Writes one element past the end of shared memory.</summary>
    public static void WritePastShared(ArrayView<float> source, ArrayView<float> target)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(Group);
        int thread = ILGPU.Group.IdxX;
        shared[thread + 1] = source[thread];
        ILGPU.Group.Barrier();
        target[thread] = shared[thread];
    }

    /// <summary>Reads shared memory that no thread has written.</summary>
    public static void ReadUninitializedShared(ArrayView<float> source, ArrayView<float> target)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(Group);
        int thread = ILGPU.Group.IdxX;
        if (thread > 0)
            shared[thread] = source[thread];
        ILGPU.Group.Barrier();
        target[thread] = shared[thread];
    }

    /// <summary>Adds to what a buffer holds, though nobody has put anything there: <paramref name="target"/> is an output.</summary>
    public static void AddToOutput(ArrayView<float> source, ArrayView<float> target)
    {
        int at = (Grid.IdxX * Group) + ILGPU.Group.IdxX;
        target[at] += source[at];
    }

    /// <summary>Half of the threads reach the barrier.</summary>
    public static void DivergentBarrier(ArrayView<float> source, ArrayView<float> target)
    {
        int thread = ILGPU.Group.IdxX;
        target[thread] = source[thread];
        if (thread < Group / 2)
            ILGPU.Group.Barrier();
    }

    /// <summary>Never ends.</summary>
    public static void Endless(ArrayView<float> source, ArrayView<float> target)
    {
        int thread = ILGPU.Group.IdxX;
        while (source[thread] >= 0)
            target[thread] += 1;
    }

    /// <summary>One argument of each kind.</summary>
    public static void EveryKind(
        float single, double wide, int small, long large, ArrayView<float> singles, ArrayView<double> wides, ArrayView<int> smalls, ArrayView<ushort> halves,
        ArrayView<long> larges)
    {
        int thread = ILGPU.Group.IdxX;
        singles[thread] += single;
        wides[thread] += wide;
        smalls[thread] += small;
        halves[thread] = (ushort)(halves[thread] + thread);
        larges[thread] += large;
    }
}
