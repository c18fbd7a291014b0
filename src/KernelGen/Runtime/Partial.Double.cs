using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Runtime;

public static partial class Partial
{
    /// <summary>The first <paramref name="count"/> lanes from memory, the others zero.</summary>
    /// <param name="source">The first element.</param>
    /// <param name="count">1 to 8.</param>
    public static Vector512<double> Load512(ref readonly double source, int count) => count <= 4
        ? Vector512.Create(Load256(in source, count), Vector256<double>.Zero)
        : Vector512.Create(Vector256.LoadUnsafe(in source), Load256(in Unsafe.Add(ref Unsafe.AsRef(in source), 4), count - 4));

    /// <inheritdoc cref="Load512(ref readonly double, int)"/>
    /// <param name="source">The first element.</param>
    /// <param name="count">1 to 4.</param>
    public static Vector256<double> Load256(ref readonly double source, int count) => count <= 2
        ? Vector256.Create(Load128(in source, count), Vector128<double>.Zero)
        : Vector256.Create(Vector128.LoadUnsafe(in source), Load128(in Unsafe.Add(ref Unsafe.AsRef(in source), 2), count - 2));

    /// <inheritdoc cref="Load512(ref readonly double, int)"/>
    /// <param name="source">The first element.</param>
    /// <param name="count">1 or 2.</param>
    public static Vector128<double> Load128(ref readonly double source, int count) => count == 2
        ? Vector128.LoadUnsafe(in source)
        : Vector128.CreateScalar(source);

    /// <summary>The first <paramref name="count"/> lanes to memory; nothing behind them is touched.</summary>
    /// <param name="value">The lanes.</param>
    /// <param name="destination">The first element written.</param>
    /// <param name="count">1 to 8.</param>
    public static void Store512(Vector512<double> value, ref double destination, int count)
    {
        if (count <= 4)
        {
            Store256(value.GetLower(), ref destination, count);
            return;
        }

        value.GetLower().StoreUnsafe(ref destination);
        Store256(value.GetUpper(), ref Unsafe.Add(ref destination, 4), count - 4);
    }

    /// <inheritdoc cref="Store512(Vector512{double}, ref double, int)"/>
    /// <param name="value">The lanes.</param>
    /// <param name="destination">The first element written.</param>
    /// <param name="count">1 to 4.</param>
    public static void Store256(Vector256<double> value, ref double destination, int count)
    {
        if (count <= 2)
        {
            Store128(value.GetLower(), ref destination, count);
            return;
        }

        value.GetLower().StoreUnsafe(ref destination);
        Store128(value.GetUpper(), ref Unsafe.Add(ref destination, 2), count - 2);
    }

    /// <inheritdoc cref="Store512(Vector512{double}, ref double, int)"/>
    /// <param name="value">The lanes.</param>
    /// <param name="destination">The first element written.</param>
    /// <param name="count">1 or 2.</param>
    public static void Store128(Vector128<double> value, ref double destination, int count)
    {
        if (count == 2)
            value.StoreUnsafe(ref destination);
        else
            destination = value.ToScalar();
    }
}
