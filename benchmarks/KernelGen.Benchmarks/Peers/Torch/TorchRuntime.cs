using System.Runtime.InteropServices;
using KernelGen.Benchmarks.Measuring;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Benchmarks.Peers.Torch;

/// <summary>TorchSharp's native library, and the shared buffers as its tensors.</summary>
internal static class TorchRuntime
{
    private static readonly Lazy<bool> _loaded = new(Probe);

    /// <exception cref="RowUnavailableException">The native library is not there or does not load.</exception>
    public static void Load() => _ = _loaded.Value;

    /// <summary>Loads, and sets the number of threads of every operation from now on: PyTorch has one setting a process.</summary>
    public static void Use(int threads)
    {
        Load();
        set_num_threads(threads);
    }

    /// <summary>The very floats of <paramref name="buffer"/> as a tensor [B, T, H, D].</summary>
    public static Tensor Of(PinnedBuffer buffer, Tensors tensors)
    {
        if (!MemoryMarshal.TryGetArray<float>(buffer.Memory, out ArraySegment<float> segment))
            throw new InvalidOperationException("a pinned buffer is no part of an array");
        AttentionShape shape = tensors.Shape;

        // Shared, not copied. The offset is in elements here, in bytes in PyTorch; the check of every contestant's output would notice.
        using Tensor flat = frombuffer(segment.Array!, ScalarType.Float32, segment.Count, segment.Offset);
        return flat.view(shape.Batch, shape.Length, shape.Heads, tensors.HeadDim);
    }

    /// <summary>
    /// Loads the library before TorchSharp tries to. Where it fails, TorchSharp copies all of it to a second folder, tries again, and then reports its
    /// search but not the loader's reason.
    /// </summary>
    private static bool Probe()
    {
        try
        {
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, searchPath: null);
            set_num_threads(1);
            return true;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or TypeInitializationException or EntryPointNotFoundException)
        {
            throw new RowUnavailableException($"TorchSharp: {Cause(e.InnerException ?? e)}", e);
        }
    }

    /// <summary>The loader's reason without the places where it looked in vain, on one line.</summary>
    private static string Cause(Exception e)
    {
        string[] lines = e.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return Array.Find(lines, line => line.Contains("not found (required by", StringComparison.Ordinal))
            ?? string.Join(' ', lines.Where(line => !line.EndsWith("No such file or directory", StringComparison.Ordinal)));
    }
}
