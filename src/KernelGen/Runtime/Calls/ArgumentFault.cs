using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace KernelGen.Runtime;

/// <summary>
/// How a refused argument is reported: its name as the caller wrote it, what was expected, and what came. Out of line, so that the checks
/// themselves stay small.
/// </summary>
internal static class ArgumentFault
{
    /// <summary>A span whose length is not the product of <paramref name="dims"/>, which <paramref name="form"/> names.</summary>
    [DoesNotReturn]
    public static void Length(string name, int actual, string form, params ReadOnlySpan<int> dims)
    {
        string factors = dims.Length == 1 ? "" : string.Join('*', dims.ToArray().Select(d => Text(d))) + " = ";
        Expected(name, $"{factors}{Product(dims).ToString(CultureInfo.InvariantCulture)} elements ({form})", Text(actual));
    }

    /// <summary>Something other than what was expected.</summary>
    [DoesNotReturn]
    public static void Expected(string name, string expected, string actual) =>
        throw new ArgumentException($"{name}: expected {expected}, got {actual}", name);

    /// <summary>A number out of its range.</summary>
    [DoesNotReturn]
    public static void OutOfRange(string name, string expected, int actual) =>
        throw new ArgumentOutOfRangeException(name, actual, $"{name}: expected {expected}, got {Text(actual)}");

    /// <summary>An option that the declaration or the call has no use for.</summary>
    [DoesNotReturn]
    public static void Refused(string name, string why) => throw new ArgumentException($"{name}: expected nothing, {why}", name);

    /// <summary>The product of lengths, which four ints cannot overflow.</summary>
    public static Int128 Product(params ReadOnlySpan<int> dims)
    {
        Int128 product = 1;
        foreach (int dim in dims)
            product *= dim;
        return product;
    }

    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
