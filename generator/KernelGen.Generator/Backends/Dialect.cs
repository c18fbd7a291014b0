using System.Globalization;
using KernelGen.Generator.Expressions;
using KernelGen.Generator.Schedule;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends;

/// <summary>How one target spells the operations that kernels are made of. Data: one writer serves them all.</summary>
/// <param name="Target">Which target.</param>
/// <param name="Api">Static class with the vector operations, or null for scalars.</param>
/// <param name="FusedMultiplyAdd">Format of a * b + c.</param>
internal sealed record Dialect(Target Target, string? Api, string FusedMultiplyAdd)
{
    /// <summary>The runtime's own vector functions.</summary>
    private const string VectorMath = "VectorMath";

    // MultiplyAddEstimate is one fused instruction where the hardware has it (x86 with FMA, every Arm), and a multiply and an add elsewhere:
    // Vector128.FusedMultiplyAdd would fall back to software there.
    private static readonly Dialect[] s_all =
    [
        new(Target.Scalar, null, "({0} * {1}) + {2}"),
        new(Target.Vector128, "Vector128", "Vector128.MultiplyAddEstimate({0}, {1}, {2})"),
        new(Target.Avx2, "Vector256", "Vector256.FusedMultiplyAdd({0}, {1}, {2})"),
        new(Target.Avx512, "Vector512", "Vector512.FusedMultiplyAdd({0}, {1}, {2})"),
    ];

    /// <summary>A thread of a GPU: scalars, multiplied and added as the device's own compiler sees fit, and functions as accurate as the CPU's.</summary>
    public static Dialect Gpu { get; } = new(Target.Scalar, null, "({0} * {1}) + {2}") { Functions = "GpuMath" };

    /// <summary>The class that has every function, where neither vectors nor the framework do.</summary>
    public string? Functions { get; init; }

    public static Dialect Of(Target target) => s_all.Single(d => d.Target == target);

    public bool IsScalar => Api is null;

    public static string ElementType(int bytes) => bytes == 8 ? "double" : "float";

    public string VectorType(int bytes) => Api is null ? ElementType(bytes) : $"{Api}<{ElementType(bytes)}>";

    /// <summary>Bits of a vector, as in the runtime's method names: 512, 256, 128.</summary>
    public string Bits => (Target.VectorBytes * 8).ToString(CultureInfo.InvariantCulture);

    public string Zero(int bytes) => Api is null ? "0" + Suffix(bytes) : $"{VectorType(bytes)}.Zero";

    public string Load(string reference, string offset) => Api is null
        ? (offset == "0" ? reference : $"Unsafe.Add(ref {reference}, {offset})")
        : (offset == "0" ? $"{Api}.LoadUnsafe(ref {reference})" : $"{Api}.LoadUnsafe(ref {reference}, {Unsigned(offset)})");

    /// <summary>As <see cref="Load"/>, from tokens of a 16-bit format: widened to floats.</summary>
    public string Widen(string reference) => Api is null ? $"StorageMath.Load(in {reference})" : $"StorageMath.Load{Bits}(in {reference})";

    /// <summary>The first <paramref name="count"/> numbers of a 16-bit format as floats, the other lanes zero.</summary>
    public string WidenPart(string reference, int count) => $"StorageMath.Load{Bits}(in {reference}, {count.ToString(CultureInfo.InvariantCulture)})";

    /// <summary>The type of the caller's tokens.</summary>
    public static string TokenType(TokenFormat format, int bytes) => format switch
    {
        TokenFormat.Float16 => "Half",
        TokenFormat.BFloat16 => "BFloat16",
        _ => ElementType(bytes),
    };

    public string Store(string value, string reference, string offset) => Api is null
        ? (offset == "0" ? $"{reference} = {value}" : $"Unsafe.Add(ref {reference}, {offset}) = {value}")
        : (offset == "0" ? $"{value}.StoreUnsafe(ref {reference})" : $"{value}.StoreUnsafe(ref {reference}, {Unsigned(offset)})");

    public string Broadcast(string scalar) => Api is null ? scalar : $"{Api}.Create({scalar})";

    public string MultiplyAdd(string a, string b, string c) => string.Format(CultureInfo.InvariantCulture, FusedMultiplyAdd, a, b, c);

    public string Select(string test, string a, string b) =>
        Api is null ? $"{test} ? {a} : {b}" : $"{Api}.ConditionalSelect({test}, {a}, {b})";

    /// <summary>The first <paramref name="lanes"/> lanes of a vector, the others <paramref name="otherwise"/>, or zero.</summary>
    public string Keep(string value, int lanes, int bytes, string? otherwise = null) => Api is null
        ? value
        : Select($"{Api}.LessThan({VectorType(bytes)}.Indices, {Broadcast(Literal(lanes, bytes))})", value, otherwise ?? Zero(bytes));

    public string Compare(CompareOp op, string a, string b) => Api is null
        ? $"{a} {op switch { CompareOp.Less => "<", CompareOp.LessOrEqual => "<=", CompareOp.Greater => ">", CompareOp.GreaterOrEqual => ">=", CompareOp.Equal => "==", _ => "!=" }} {b}"
        : op switch
        {
            CompareOp.Less => $"{Api}.LessThan({a}, {b})",
            CompareOp.LessOrEqual => $"{Api}.LessThanOrEqual({a}, {b})",
            CompareOp.Greater => $"{Api}.GreaterThan({a}, {b})",
            CompareOp.GreaterOrEqual => $"{Api}.GreaterThanOrEqual({a}, {b})",
            CompareOp.Equal => $"{Api}.Equals({a}, {b})",
            _ => $"~{Api}.Equals({a}, {b})",
        };

    public string And(string a, string b) => Api is null ? $"({a}) && ({b})" : $"{a} & {b}";

    public string Or(string a, string b) => Api is null ? $"({a}) || ({b})" : $"{a} | {b}";

    public string Not(string a) => Api is null ? $"!({a})" : $"~{a}";

    public string Unary(UnaryOp op, string a, int bytes) => op switch
    {
        UnaryOp.Negate => $"-{a}",
        UnaryOp.Exp or UnaryOp.Log or UnaryOp.Sin or UnaryOp.Cos or UnaryOp.Tanh => $"{Functions ?? VectorMath}.{op}({a})",
        _ => $"{Functions ?? Api ?? ScalarMath(bytes)}.{op}({a})",
    };

    public string Binary(BinaryOp op, string a, string b, int bytes) => op switch
    {
        BinaryOp.Add => $"{a} + {b}",
        BinaryOp.Subtract => $"{a} - {b}",
        BinaryOp.Multiply => $"{a} * {b}",
        BinaryOp.Divide => $"{a} / {b}",
        _ => $"{Functions ?? Api ?? ScalarMath(bytes)}.{op}({a}, {b})",
    };

    public static string Literal(double value, int bytes)
    {
        if (double.IsNaN(value))
            return bytes == 8 ? "double.NaN" : "float.NaN";
        if (bytes == 8)
        {
            return double.IsInfinity(value)
                ? (value > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity")
                : value.ToString("R", CultureInfo.InvariantCulture) + "d";
        }

        float single = (float)value;
        return float.IsInfinity(single)
            ? (single > 0 ? "float.PositiveInfinity" : "float.NegativeInfinity")
            : single.ToString("R", CultureInfo.InvariantCulture) + "f";
    }

    private static string Suffix(int bytes) => bytes == 8 ? "d" : "f";

    private static string ScalarMath(int bytes) => bytes == 8 ? "Math" : "MathF";

    private static string Unsigned(string offset) =>
        int.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? offset : $"(nuint)({offset})";
}
