namespace KernelGen.Tests.Hosting;

/// <summary>Numbers of an element type, from and to double precision, which holds every bit of them.</summary>
/// <typeparam name="T">Any element type that a declaration may have.</typeparam>
internal static class Element<T>
    where T : unmanaged
{
    public static T NaN { get; } = From(double.NaN);

    /// <summary>The nearest number.</summary>
    public static T From(double value)
    {
        if (typeof(T) == typeof(double))
            return (T)(object)value;
        if (typeof(T) == typeof(float))
            return (T)(object)(float)value;
        return typeof(T) == typeof(Half) ? (T)(object)(Half)value : (T)(object)(BFloat16)(float)value;
    }

    public static double ToDouble(T value)
    {
        if (typeof(T) == typeof(double))
            return (double)(object)value;
        if (typeof(T) == typeof(float))
            return (float)(object)value;
        return typeof(T) == typeof(Half) ? (double)(Half)(object)value : (float)(BFloat16)(object)value;
    }
}
