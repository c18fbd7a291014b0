using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using KernelGen.Runtime;

namespace KernelGen.Tests.Runtime;

/// <summary>Conversions of 16-bit formats: widening of every number there is, rounding at and around every midpoint, in every width.</summary>
public sealed class StorageMathTests
{
    private static readonly ushort[] _all = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];

    [Fact]
    public void Widen_EveryHalf_IsExact()
    {
        Half[] source = MemoryMarshal.Cast<ushort, Half>(_all).ToArray();
        CheckWidened(source, [.. source.Select(h => (float)h)]);
    }

    [Fact]
    public void Widen_EveryBFloat16_IsExact()
    {
        BFloat16[] source = MemoryMarshal.Cast<ushort, BFloat16>(_all).ToArray();
        CheckWidened(source, [.. _all.Select(b => BitConverter.UInt32BitsToSingle((uint)b << 16))]);
    }

    [Fact]
    public void Narrow_ToHalf_RoundsAsTheFrameworkDoes()
    {
        float[] source = [.. Around(_all.Select(b => (float)BitConverter.UInt16BitsToHalf(b)), step: 1 << 12)];
        Half[] actual = new Half[source.Length];
        StorageMath.Narrow(source, actual.AsSpan());
        for (int i = 0; i < source.Length; i++)
        {
            Half expected = (Half)source[i];
            Assert.True(Half.IsNaN(expected) ? Half.IsNaN(actual[i]) : BitConverter.HalfToUInt16Bits(expected) == BitConverter.HalfToUInt16Bits(actual[i]), $"{source[i]:R}: {actual[i]}, not {expected}");
        }
    }

    [Fact]
    public void Narrow_ToBFloat16_RoundsToNearestEven()
    {
        float[] source = [.. Around(_all.Select(b => BitConverter.UInt32BitsToSingle((uint)b << 16)), step: 1 << 15)];
        BFloat16[] actual = new BFloat16[source.Length];
        StorageMath.Narrow(source, actual.AsSpan());
        for (int i = 0; i < source.Length; i++)
        {
            ushort expected = Nearest(source[i]);
            Assert.True(float.IsNaN(source[i]) ? float.IsNaN(actual[i]) : expected == BFloat16.ToBits(actual[i]), $"{source[i]:R}: {actual[i]}");
            Assert.Equal(BFloat16.ToBits((BFloat16)source[i]), BFloat16.ToBits(actual[i]));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    public void Load_Part_TakesTheFirstAndZeros(int count)
    {
        Half[] halves = [.. Enumerable.Range(0, count + 8).Select(i => i < count ? (Half)(i + 1) : Half.NaN)];
        BFloat16[] others = [.. halves.Select(h => (BFloat16)(float)h)];
        Check(StorageMath.Load512(in halves[0], count), StorageMath.Load256(in halves[0], Math.Min(count, 8)), StorageMath.Load128(in halves[0], Math.Min(count, 4)));
        Check(StorageMath.Load512(in others[0], count), StorageMath.Load256(in others[0], Math.Min(count, 8)), StorageMath.Load128(in others[0], Math.Min(count, 4)));

        void Check(Vector512<float> wide, Vector256<float> half, Vector128<float> quarter)
        {
            for (int i = 0; i < 16; i++)
                Assert.Equal(i < count ? i + 1f : 0f, wide[i]);
            for (int i = 0; i < 8; i++)
                Assert.Equal(i < count ? i + 1f : 0f, half[i]);
            for (int i = 0; i < 4; i++)
                Assert.Equal(i < count ? i + 1f : 0f, quarter[i]);
        }
    }

    [Fact]
    public void Narrow_AnyLength_WritesThatManyAndNothingBehind()
    {
        for (int length = 0; length < 40; length++)
        {
            float[] source = [.. Enumerable.Range(0, length).Select(i => i + 0.5f)];
            Half[] halves = [.. Enumerable.Repeat((Half)7, length + 4)];
            StorageMath.Narrow(source, halves.AsSpan());
            Assert.Equal(source.Select(x => (Half)x).Concat(Enumerable.Repeat((Half)7, 4)), halves);
            float[] back = new float[length];
            StorageMath.Widen<Half>(halves.AsSpan(0, length), back);
            Assert.Equal(source, back);
        }
    }

    [Fact]
    public void BFloat16_ComparesAndFormatsAsItsValue()
    {
        var third = (BFloat16)(1f / 3f);
        Assert.Equal(0.333984375f, (float)third);
        Assert.True(third < (BFloat16)1f && third >= (BFloat16)0.333f && BFloat16.NegativeInfinity < BFloat16.MinValue && BFloat16.MaxValue < BFloat16.PositiveInfinity);
        BFloat16 nan = BFloat16.NaN, other = (BFloat16)float.NaN;
        Assert.False(nan == other);
        Assert.True(BFloat16.NaN.Equals(BFloat16.NaN));
        Assert.True(BFloat16.FromBits(0x8000) == BFloat16.FromBits(0));
        Assert.Equal("0.33398438", third.ToString(null, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Throws<ArgumentException>(() => third.CompareTo("a"));
    }

    /// <summary>Every number, the midpoints on both sides of it, and the floats next to each of those.</summary>
    private static IEnumerable<float> Around(IEnumerable<float> numbers, int step)
    {
        foreach (float number in numbers)
        {
            uint bits = BitConverter.SingleToUInt32Bits(number);
            foreach (int offset in (int[])[0, 1, -1, step, step + 1, step - 1, -step, 1 - step, -1 - step])
                yield return BitConverter.UInt32BitsToSingle(unchecked(bits + (uint)offset));
        }
    }

    /// <summary>Nearest bfloat16 by distance in double, ties to even bits.</summary>
    private static ushort Nearest(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        (ushort below, ushort above) = ((ushort)(bits >> 16), (ushort)((bits >> 16) + 1));
        if (!float.IsFinite(value))
            return below;

        // The number after the largest stands for infinity, one step further.
        double low = Math.Abs(Value(below)), high = (above & 0x7FFF) == 0x7F80 ? Math.ScaleB(1, 128) : Math.Abs(Value(above)), x = Math.Abs((double)value);
        return x - low < high - x || (x - low == high - x && below % 2 == 0) ? below : above;

        static double Value(ushort b) => BitConverter.UInt32BitsToSingle((uint)b << 16);
    }

    private static void CheckWidened<T>(T[] source, float[] expected)
        where T : unmanaged
    {
        float[] rows = new float[source.Length], by512 = new float[source.Length], by256 = new float[source.Length], by128 = new float[source.Length], one = new float[source.Length];
        StorageMath.Widen<T>(source, rows);
        for (int i = 0; i < source.Length; i += 16)
            StorageMath.Load512(in source[i]).CopyTo(by512, i);
        for (int i = 0; i < source.Length; i += 8)
            StorageMath.Load256(in source[i]).CopyTo(by256, i);
        for (int i = 0; i < source.Length; i += 4)
            StorageMath.Load128(in source[i]).CopyTo(by128, i);
        for (int i = 0; i < source.Length; i++)
            one[i] = StorageMath.Load(in source[i]);
        foreach (float[] actual in (float[][])[rows, by512, by256, by128, one])
        {
            for (int i = 0; i < source.Length; i++)
            {
                Assert.True(float.IsNaN(expected[i]) ? float.IsNaN(actual[i]) : BitConverter.SingleToUInt32Bits(expected[i]) == BitConverter.SingleToUInt32Bits(actual[i]), $"{source[i]}: {actual[i]:R}");
            }
        }
    }
}
