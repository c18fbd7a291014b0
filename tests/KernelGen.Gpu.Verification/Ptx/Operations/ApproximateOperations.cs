using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>
/// Approximate functions: computed in double, moved by the documented error where <see cref="PtxOptions.Approximation"/> asks for it, and rounded.
/// </summary>
internal static class ApproximateOperations
{
    public static double Exp2(double x) => Math.Pow(2, x);

    public static void Single(PtxStep s, PtxWarp w, uint active)
    {
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            float x = LaneLoops.Get<float>(ref w.Registers[s.A], lane);
            LaneLoops.Put(ref w.Registers[s.D], lane, (float)Perturb(s, s.Function!(x), BitConverter.SingleToUInt32Bits(x)));
        }
    }

    public static void SingleFlushed(PtxStep s, PtxWarp w, uint active)
    {
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            float x = FlushToZero<float>.In(LaneLoops.Get<float>(ref w.Registers[s.A], lane));
            float y = (float)Perturb(s, s.Function!(x), BitConverter.SingleToUInt32Bits(x));
            LaneLoops.Put(ref w.Registers[s.D], lane, FlushToZero<float>.Out(y));
        }
    }

    public static void Half(PtxStep s, PtxWarp w, uint active)
    {
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            Half x = LaneLoops.Get<Half>(ref w.Registers[s.A], lane);
            LaneLoops.Put(ref w.Registers[s.D], lane, (Half)Perturb(s, s.Function!((double)x), BitConverter.HalfToUInt16Bits(x)));
        }
    }

    public static void Double(PtxStep s, PtxWarp w, uint active)
    {
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            double x = LaneLoops.Get<double>(ref w.Registers[s.A], lane);
            LaneLoops.Put(ref w.Registers[s.D], lane, Perturb(s, s.Function!(x), BitConverter.DoubleToUInt64Bits(x)));
        }
    }

    public static void Divide(PtxStep s, PtxWarp w, uint active)
    {
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            float x = LaneLoops.Get<float>(ref w.Registers[s.A], lane);
            float y = LaneLoops.Get<float>(ref w.Registers[s.B], lane);
            ulong seed = BitConverter.SingleToUInt32Bits(x) * 31UL + BitConverter.SingleToUInt32Bits(y);
            LaneLoops.Put(ref w.Registers[s.D], lane, (float)Perturb(s, (double)x / y, seed));
        }
    }

    private static double Perturb(PtxStep s, double exact, ulong operand)
    {
        if (s.Approximation == PtxApproximation.Exact || !double.IsFinite(exact) || exact == 0)
            return exact;
        double share = s.Approximation switch
        {
            PtxApproximation.Low => -1,
            PtxApproximation.High => 1,
            _ => (operand * 0x9E3779B97F4A7C15 >> 11) * Math.ScaleB(1, -52) - 1,
        };
        return exact + share * Math.Max(Math.Abs(exact) * s.RelativeError, s.AbsoluteError);
    }
}
