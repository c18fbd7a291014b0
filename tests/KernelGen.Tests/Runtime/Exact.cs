using System.Numerics;

namespace KernelGen.Tests.Runtime;

/// <summary>
/// A real number, Significand 2^Exponent, good to at least 120 bits: elementary functions of doubles in fixed point, slow and simple, to
/// judge double results by (those of <see cref="Math"/> err by more than an ulp here and there).
/// </summary>
public readonly record struct Exact(BigInteger Significand, int Exponent)
{
    private const int F = 220;

    private static readonly BigInteger s_one = BigInteger.One << F;
    private static readonly BigInteger s_ln2 = 2 * ArtanhOfInverse(3);
    private static readonly BigInteger s_halfPi = (8 * ArctanOfInverse(5)) - (2 * ArctanOfInverse(239));

    /// <summary>Error of a result in ulp of this number; infinite where the result is not finite.</summary>
    public double UlpsFrom(double result)
    {
        if (!double.IsFinite(result))
            return double.PositiveInfinity;
        (BigInteger significand, int exponent) = Parts(result);
        int common = Math.Min(exponent, Exponent);
        BigInteger difference = (significand << (exponent - common)) - (Significand << (Exponent - common));
        int ulp = Math.Max((int)BigInteger.Abs(Significand).GetBitLength() + Exponent - 53, -1074);
        return Math.ScaleB((double)BigInteger.Abs(difference), common - ulp);
    }

    public static Exact Exp(double x)
    {
        (BigInteger value, int power) = ExpFixed(Fixed(x));
        return new(value, power - F);
    }

    public static Exact Log(double x)
    {
        int n = Math.ILogB(x);
        double m = Math.ScaleB(x, -n);
        if (m > Math.Sqrt(2))
            (m, n) = (m / 2, n + 1);
        // One step from the double's logarithm y: log m = y + log(1 + t), t = m exp(-y) - 1 < 1e-15.
        BigInteger y = Fixed(Math.Log(m));
        (BigInteger value, int power) = ExpFixed(-y);
        BigInteger t = Multiply(Fixed(m), power >= 0 ? value << power : value >> -power) - s_one;
        BigInteger t2 = Multiply(t, t);
        return new(y + t - (t2 / 2) + (Multiply(t2, t) / 3) + (n * s_ln2), -F);
    }

    public static Exact Sin(double x) => Math.Abs(x) < 1e-9 ? Nearly(x, 6) : new(SinFixed(Fixed(x), 0), -F);

    public static Exact Cos(double x) => new(SinFixed(Fixed(x), 1), -F);

    public static Exact Tanh(double x)
    {
        if (Math.Abs(x) < 1e-9)
            return Nearly(x, 3);
        if (Math.Abs(x) > 60)
            return new(Math.Sign(x), 0);
        (BigInteger value, int power) = ExpFixed(2 * Fixed(Math.Abs(x)));
        BigInteger exp = value << power;
        return new(Math.Sign(x) * (((exp - s_one) << F) / (exp + s_one)), -F);
    }

    /// <summary>x - x^3 / divisor, for tiny x.</summary>
    private static Exact Nearly(double x, double divisor)
    {
        (BigInteger significand, int exponent) = Parts(x);
        significand <<= 80;
        return new(significand - (new BigInteger(x * x / divisor * Math.ScaleB(1, 100)) * significand >> 100), exponent - 80);
    }

    /// <summary>exp(x) as value 2^(power - F), value from 1 to 2.</summary>
    private static (BigInteger Value, int Power) ExpFixed(BigInteger x)
    {
        int power = (int)BigInteger.Divide(x, s_ln2) - (x.Sign < 0 ? 1 : 0);
        BigInteger r = x - (power * s_ln2), sum = s_one, term = s_one;
        for (int k = 1; !term.IsZero; k++)
        {
            term = Multiply(term, r) / k;
            sum += term;
        }

        return (sum, power);
    }

    /// <summary>sin(x + quarters pi / 2).</summary>
    private static BigInteger SinFixed(BigInteger x, int quarters)
    {
        BigInteger q = BigInteger.Divide(x, s_halfPi);
        BigInteger r = x - (q * s_halfPi);
        int quadrant = (int)(((q + quarters) % 4 + 4) % 4);
        BigInteger term = quadrant % 2 == 0 ? r : s_one, sum = term, square = Multiply(r, r);
        for (int k = quadrant % 2 == 0 ? 2 : 1; !term.IsZero; k += 2)
        {
            term = -Multiply(term, square) / (k * (k + 1));
            sum += term;
        }

        return quadrant < 2 ? sum : -sum;
    }

    private static BigInteger ArtanhOfInverse(int n) => OfInverse(n, 1);

    private static BigInteger ArctanOfInverse(int n) => OfInverse(n, -1);

    private static BigInteger OfInverse(int n, int sign)
    {
        BigInteger power = s_one / n, sum = power;
        for (int k = 3; !power.IsZero; k += 2)
        {
            power = sign * power / (n * n);
            sum += power / k;
        }

        return sum;
    }

    private static BigInteger Multiply(BigInteger a, BigInteger b) => (a * b) >> F;

    private static BigInteger Fixed(double x)
    {
        (BigInteger significand, int exponent) = Parts(x);
        return exponent + F >= 0 ? significand << (exponent + F) : significand >> -(exponent + F);
    }

    private static (BigInteger Significand, int Exponent) Parts(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int field = (int)(bits >> 52) & 0x7FF;
        long significand = (bits & 0xF_FFFF_FFFF_FFFF) | (field == 0 ? 0 : 1L << 52);
        return (bits < 0 ? -significand : significand, Math.Max(field, 1) - 1075);
    }
}
