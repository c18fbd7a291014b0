using KernelGen.Runtime;

namespace KernelGen;

/// <summary>
/// N(0, 1) numbers from a seed, by arithmetic that is the same on every platform: xoshiro256** (Blackman and Vigna, 2018), seeded by splitmix64, and the polar method
/// (Marsaglia and Bray, 1964) with this library's own logarithm.
/// </summary>
internal sealed class GaussianNumbers
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;
    private double _spare = double.NaN;

    public GaussianNumbers(long seed)
    {
        ulong state = (ulong)seed;
        (_a, _b, _c, _d) = (Mix(ref state), Mix(ref state), Mix(ref state), Mix(ref state));
    }

    public double Next()
    {
        if (!double.IsNaN(_spare))
        {
            double spare = _spare;
            _spare = double.NaN;
            return spare;
        }

        while (true)
        {
            double x = Uniform(), y = Uniform(), square = (x * x) + (y * y);
            if (square is >= 1 or 0)
                continue;
            double length = Math.Sqrt(-2 * VectorMath.Log(square) / square);
            _spare = y * length;
            return x * length;
        }
    }

    /// <summary>A uniform direction in the plane: the cosine and sine of a random angle.</summary>
    public (double Cosine, double Sine) Direction()
    {
        while (true)
        {
            double x = Uniform(), y = Uniform(), square = (x * x) + (y * y);
            if (square is >= 1 or 0)
                continue;
            double length = Math.Sqrt(square);
            return (x / length, y / length);
        }
    }

    /// <summary>A whole number from 0 up to, not including, <paramref name="count"/>.</summary>
    public int Below(int count) => (int)Math.BigMul(Bits(), (ulong)count, out _);

    /// <summary>From -1 up to 1, in steps of 2^-52.</summary>
    private double Uniform() => ((Bits() >> 11) * (1.0 / (1UL << 52))) - 1.0;

    private ulong Bits()
    {
        ulong result = ulong.RotateLeft(_b * 5, 7) * 9, shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }

    private static ulong Mix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
