using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Runtime;

/// <summary>
/// Vectors at the ends of rows, where fewer elements than lanes are left: loaded and stored in pieces of 256, 128, 64 and 32 bits, each
/// wholly inside the row. (A masked load takes a pointer, which a managed row does not have.)
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class Partial
{
    /// <summary>The first <paramref name="count"/> lanes from memory, the others zero.</summary>
    /// <param name="source">The first element.</param>
    /// <param name="count">1 to 16.</param>
    public static Vector512<float> Load512(ref readonly float source, int count) => count <= 8
        ? Vector512.Create(Load256(in source, count), Vector256<float>.Zero)
        : Vector512.Create(Vector256.LoadUnsafe(in source), Load256(in Unsafe.Add(ref Unsafe.AsRef(in source), 8), count - 8));

    /// <inheritdoc cref="Load512(ref readonly float, int)"/>
    /// <param name="source">The first element.</param>
    /// <param name="count">1 to 8.</param>
    public static Vector256<float> Load256(ref readonly float source, int count) => count <= 4
        ? Vector256.Create(Load128(in source, count), Vector128<float>.Zero)
        : Vector256.Create(Vector128.LoadUnsafe(in source), Load128(in Unsafe.Add(ref Unsafe.AsRef(in source), 4), count - 4));

    /// <inheritdoc cref="Load512(ref readonly float, int)"/>
    /// <param name="source">The first element.</param>
    /// <param name="count">1 to 4.</param>
    public static Vector128<float> Load128(ref readonly float source, int count)
    {
        if (count == 4)
            return Vector128.LoadUnsafe(in source);
        if (count == 1)
            return Vector128.CreateScalar(source);
        Vector128<float> pair = Vector128.CreateScalar(Unsafe.ReadUnaligned<double>(in Unsafe.As<float, byte>(ref Unsafe.AsRef(in source)))).AsSingle();
        return count == 2 ? pair : pair.WithElement(2, Unsafe.Add(ref Unsafe.AsRef(in source), 2));
    }

    /// <summary>The first <paramref name="count"/> lanes to memory; nothing behind them is touched.</summary>
    /// <param name="value">The lanes.</param>
    /// <param name="destination">The first element written.</param>
    /// <param name="count">1 to 16.</param>
    public static void Store512(Vector512<float> value, ref float destination, int count)
    {
        if (count <= 8)
        {
            Store256(value.GetLower(), ref destination, count);
            return;
        }

        value.GetLower().StoreUnsafe(ref destination);
        Store256(value.GetUpper(), ref Unsafe.Add(ref destination, 8), count - 8);
    }

    /// <inheritdoc cref="Store512(Vector512{float}, ref float, int)"/>
    /// <param name="value">The lanes.</param>
    /// <param name="destination">The first element written.</param>
    /// <param name="count">1 to 8.</param>
    public static void Store256(Vector256<float> value, ref float destination, int count)
    {
        if (count <= 4)
        {
            Store128(value.GetLower(), ref destination, count);
            return;
        }

        value.GetLower().StoreUnsafe(ref destination);
        Store128(value.GetUpper(), ref Unsafe.Add(ref destination, 4), count - 4);
    }

    /// <inheritdoc cref="Store512(Vector512{float}, ref float, int)"/>
    /// <param name="value">The lanes.</param>
    /// <param name="destination">The first element written.</param>
    /// <param name="count">1 to 4.</param>
    public static void Store128(Vector128<float> value, ref float destination, int count)
    {
        if (count == 4)
        {
            value.StoreUnsafe(ref destination);
            return;
        }

        if (count == 1)
        {
            destination = value.ToScalar();
            return;
        }

        Unsafe.WriteUnaligned(ref Unsafe.As<float, byte>(ref destination), value.AsDouble().ToScalar());
        if (count == 3)
            Unsafe.Add(ref destination, 2) = value.GetElement(2);
    }
}
