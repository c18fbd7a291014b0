using System.Runtime.Intrinsics;
using KernelGen.Runtime;

namespace KernelGen.Tests.Runtime;

/// <summary>
/// Partial loads and stores at the end of an array and with guards behind them: a load must not let the guards in, a store must not
/// change them.
/// </summary>
public sealed class PartialTests
{
    private const int Guards = 16;

    public static TheoryData<int, int> Floats => Counts(32);

    public static TheoryData<int, int> Doubles => Counts(64);

    [Theory]
    [MemberData(nameof(Floats))]
    public void Load_Floats_TakesTheFirstAndZeros(int bits, int count)
    {
        foreach (int behind in (int[])[0, Guards])
        {
            float[] source = Enumerable.Range(0, count + behind).Select(i => i < count ? i + 1f : float.NaN).ToArray();
            float[] lanes = new float[bits / 32];
            switch (bits)
            {
                case 512: Partial.Load512(in source[0], count).CopyTo(lanes); break;
                case 256: Partial.Load256(in source[0], count).CopyTo(lanes); break;
                default: Partial.Load128(in source[0], count).CopyTo(lanes); break;
            }

            Assert.Equal(Enumerable.Range(0, lanes.Length).Select(i => i < count ? i + 1f : 0f), lanes);
        }
    }

    [Theory]
    [MemberData(nameof(Doubles))]
    public void Load_Doubles_TakesTheFirstAndZeros(int bits, int count)
    {
        foreach (int behind in (int[])[0, Guards])
        {
            double[] source = Enumerable.Range(0, count + behind).Select(i => i < count ? i + 1.0 : double.NaN).ToArray();
            double[] lanes = new double[bits / 64];
            switch (bits)
            {
                case 512: Partial.Load512(in source[0], count).CopyTo(lanes); break;
                case 256: Partial.Load256(in source[0], count).CopyTo(lanes); break;
                default: Partial.Load128(in source[0], count).CopyTo(lanes); break;
            }

            Assert.Equal(Enumerable.Range(0, lanes.Length).Select(i => i < count ? i + 1.0 : 0.0), lanes);
        }
    }

    [Theory]
    [MemberData(nameof(Floats))]
    public void Store_Floats_WritesTheFirstAndNothingBehind(int bits, int count)
    {
        float[] destination = new float[count + Guards];
        Array.Fill(destination, -1f);
        float[] lanes = Enumerable.Range(1, 16).Select(i => (float)i).ToArray();
        switch (bits)
        {
            case 512: Partial.Store512(Vector512.Create(lanes), ref destination[0], count); break;
            case 256: Partial.Store256(Vector256.Create(lanes), ref destination[0], count); break;
            default: Partial.Store128(Vector128.Create(lanes), ref destination[0], count); break;
        }

        Assert.Equal(Enumerable.Range(0, destination.Length).Select(i => i < count ? i + 1f : -1f), destination);
    }

    [Theory]
    [MemberData(nameof(Doubles))]
    public void Store_Doubles_WritesTheFirstAndNothingBehind(int bits, int count)
    {
        double[] destination = new double[count + Guards];
        Array.Fill(destination, -1.0);
        double[] lanes = Enumerable.Range(1, 8).Select(i => (double)i).ToArray();
        switch (bits)
        {
            case 512: Partial.Store512(Vector512.Create(lanes), ref destination[0], count); break;
            case 256: Partial.Store256(Vector256.Create(lanes), ref destination[0], count); break;
            default: Partial.Store128(Vector128.Create(lanes), ref destination[0], count); break;
        }

        Assert.Equal(Enumerable.Range(0, destination.Length).Select(i => i < count ? i + 1.0 : -1.0), destination);
    }

    private static TheoryData<int, int> Counts(int elementBits)
    {
        TheoryData<int, int> data = [];
        foreach (int bits in (int[])[512, 256, 128])
        {
            for (int count = 1; count <= bits / elementBits; count++)
                data.Add(bits, count);
        }

        return data;
    }
}
