namespace KernelGen.Tests.Runtime;

/// <summary>Errors in units of the spacing of floating point numbers at the exact result.</summary>
internal static class Ulp
{
    /// <summary>Error of a float; infinite where one is NaN or infinite and the other is not.</summary>
    public static double Error(float actual, double exact)
    {
        float rounded = (float)exact;
        if (!float.IsFinite(actual) || !float.IsFinite(rounded))
            return actual.Equals(rounded) ? 0 : double.PositiveInfinity;
        return Math.Abs(actual - exact) / Math.ScaleB(1, Math.Max(exact == 0 ? int.MinValue : Math.ILogB(exact), -126) - 23);
    }

    /// <summary>Error of a double against one that is itself rounded.</summary>
    public static double Error(double actual, double reference)
    {
        if (!double.IsFinite(actual) || !double.IsFinite(reference))
            return actual.Equals(reference) ? 0 : double.PositiveInfinity;
        return Math.Abs(actual - reference) / (Math.BitIncrement(Math.Abs(reference)) - Math.Abs(reference));
    }
}
