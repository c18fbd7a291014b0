using System.Globalization;
using ILGPU;
using ILGPU.Runtime;
using KernelGen.Gpu.Tests.Ptx;

namespace KernelGen.Gpu.Tests.Halves;

/// <summary>Kernels over <see cref="HalfWords"/> and its single instructions, and their results held to the formats' definitions.</summary>
public static class HalfWordsRun
{
    private const int Threads = 128;

    /// <summary>Results of <see cref="Widen{TUnit}"/> for a word.</summary>
    public const int Widened = 4;

    /// <summary>Two numbers as words of float16 and of bfloat16.</summary>
    public static void Pack<TUnit>(ArrayView<float> x, ArrayView<int> words)
        where TUnit : struct, IProductUnit
    {
        int i = (Grid.IdxX * Group.DimX) + Group.IdxX;
        float low = x[2 * i], high = x[(2 * i) + 1];
        if (default(TUnit).IsTensorCore)
        {
            words[2 * i] = (int)TensorCore.PackFloat16(low, high);
            words[(2 * i) + 1] = (int)TensorCore.PackBFloat16(low, high);
        }
        else
        {
            words[2 * i] = (int)HalfWords.PackFloat16(low, high);
            words[(2 * i) + 1] = (int)HalfWords.PackBFloat16(low, high);
        }
    }

    /// <summary>Both numbers of a word of float16, and of one of bfloat16.</summary>
    public static void Widen<TUnit>(ArrayView<int> words, ArrayView<float> x)
        where TUnit : struct, IProductUnit
    {
        int i = (Grid.IdxX * Group.DimX) + Group.IdxX;
        uint word = (uint)words[i];
        if (default(TUnit).IsTensorCore)
        {
            x[Widened * i] = TensorCore.LowFloat16(word);
            x[(Widened * i) + 1] = TensorCore.HighFloat16(word);
        }
        else
        {
            x[Widened * i] = HalfWords.LowFloat16(word);
            x[(Widened * i) + 1] = HalfWords.HighFloat16(word);
        }

        x[(Widened * i) + 2] = HalfWords.LowBFloat16(word);
        x[(Widened * i) + 3] = HalfWords.HighBFloat16(word);
    }

    /// <summary>Two numbers as leads and rests of bfloat16. On tensor cores only.</summary>
    public static void Split(ArrayView<float> x, ArrayView<int> words)
    {
        int i = (Grid.IdxX * Group.DimX) + Group.IdxX;
        TensorCore.SplitBFloat16(x[2 * i], x[(2 * i) + 1], out uint lead, out uint rest);
        words[2 * i] = (int)lead;
        words[(2 * i) + 1] = (int)rest;
    }

    /// <param name="accelerator">Any.</param>
    /// <param name="args">Words, a multiple of 128, and seed.</param>
    public static int Run(Accelerator accelerator, string[] args)
    {
        int count = int.Parse(args[0], CultureInfo.InvariantCulture), seed = int.Parse(args[1], CultureInfo.InvariantCulture);
        float[] x = Numbers(2 * count, seed);
        int[] words = Words(count, seed);
        using MemoryBuffer1D<float, Stride1D.Dense> numbers = accelerator.Allocate1D(x), wide = accelerator.Allocate1D<float>(Widened * count);
        using MemoryBuffer1D<int, Stride1D.Dense> narrow = accelerator.Allocate1D(words), packed = accelerator.Allocate1D<int>(2 * count);
        accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<int>>(Pack<OnThreads>)((count / Threads, Threads), numbers.View, packed.View);
        accelerator.LoadStreamKernel<ArrayView<int>, ArrayView<float>>(Widen<OnThreads>)((count / Threads, Threads), narrow.View, wide.View);
        accelerator.Synchronize();
        string? wrong = WrongPacks(x, packed.GetAsArray1D()) ?? WrongNumbers(words, wide.GetAsArray1D());
        Console.WriteLine(wrong ?? "all right");
        return wrong is null ? 0 : 1;
    }

    /// <summary>Numbers of both formats, halves between neighbours and their neighbours, and any others.</summary>
    public static float[] Numbers(int count, int seed)
    {
        Random random = new(seed);
        float[] x = new float[count];
        for (int i = 0; i < count; i++)
        {
            bool isHalf = i % 2 == 0;
            ushort bits = (ushort)random.Next(65536);
            float low = NarrowReference.Widen(bits, isHalf), high = NarrowReference.Widen((ushort)(bits + 1), isHalf);
            float middle = (float)(((double)low + high) / 2);
            x[i] = (i / 2 % 5) switch
            {
                0 => low,
                1 => middle,
                2 => MathF.BitIncrement(middle),
                3 => MathF.BitDecrement(middle),
                _ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)),
            };
        }

        float[] edges = [0, -0f, 65504, 65519.996f, 65520, -65520, 6.1035156e-05f, 6.1005e-05f, 5.9604645e-08f, 2.9802322e-08f, 2.9802326e-08f, float.MaxValue, float.Epsilon];
        edges.CopyTo(x, 0);
        return x;
    }

    public static int[] Words(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(int.MinValue, int.MaxValue))];
    }

    /// <summary>The first word of <see cref="Pack{TUnit}"/> that is wrong; null where none is. NaN is 0x7fff.</summary>
    public static string? WrongPacks(float[] x, int[] words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            bool isHalf = i % 2 == 0;
            for (int part = 0; part < 2; part++)
            {
                float from = x[i / 2 * 2 + part];
                ushort actual = (ushort)(words[i] >> 16 * part);
                ushort expected = float.IsNaN(from) ? (ushort)0x7fff : NarrowReference.Bits(NarrowReference.Round(from, isHalf), isHalf);
                if (actual != expected)
                    return $"{from:R} ({BitConverter.SingleToUInt32Bits(from):x8}) {(isHalf ? "float16" : "bfloat16")}: {expected:x4} expected, {actual:x4} found";
            }
        }

        return null;
    }

    /// <summary>The first number of <see cref="Widen{TUnit}"/> that is wrong; null where none is.</summary>
    public static string? WrongNumbers(int[] words, float[] x)
    {
        for (int i = 0; i < x.Length; i++)
        {
            ushort bits = (ushort)(words[i / Widened] >> i % 2 * 16);
            float expected = NarrowReference.Widen(bits, i % Widened < 2);
            if (!(float.IsNaN(expected) ? float.IsNaN(x[i]) : BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(x[i])))
                return $"{bits:x4} {(i % Widened < 2 ? "float16" : "bfloat16")}: {expected:R} expected, {x[i]:R} found";
        }

        return null;
    }
}
