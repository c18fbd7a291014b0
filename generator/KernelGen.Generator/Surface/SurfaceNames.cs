using KernelGen.Generator.Spec;

namespace KernelGen.Generator.Surface;

/// <summary>How the runtime's types and members are written in generated code.</summary>
internal static class SurfaceNames
{
    public const string Runtime = "global::KernelGen.Runtime.";

    /// <summary>Where kernels and what belongs to them live, apart from every user namespace.</summary>
    public const string KernelNamespace = "KernelGen.Generated";

    public static readonly IReadOnlyList<string> Levels = ["Scalar", "Vector128", "Avx2", "Avx512"];

    private static readonly string Version = typeof(SurfaceNames).Assembly.GetName().Version.ToString(3);

    public static string GeneratedCode => $"[global::System.CodeDom.Compiler.GeneratedCode(\"KernelGen\", \"{Version}\")]";

    public static string Hidden => "[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]";

    public static string Element(ElementType type) => type switch
    {
        ElementType.Float32 => "float",
        ElementType.Float64 => "double",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>Element type of the tensors.</summary>
    public static string Stored(KernelSpec spec) => spec.Storage switch
    {
        ElementStorage.Unchanged => Element(spec.ElementType),
        ElementStorage.Float16 => "global::System.Half",
        ElementStorage.BFloat16 => "global::KernelGen.BFloat16",
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Storage, null),
    };

    /// <summary>The declared <c>DType</c>.</summary>
    public static string DType(KernelSpec spec) => spec.Storage == ElementStorage.Unchanged ? DType(spec.ElementType) : spec.Storage.ToString();

    public static string DType(ElementType type) => type switch
    {
        ElementType.Float32 => "Float32",
        ElementType.Float64 => "Float64",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    public static string Decay(DecayKind decay) => decay switch
    {
        DecayKind.None => "None",
        DecayKind.PerHead => "PerHead",
        DecayKind.LightningSlopes => "LightningSlopes",
        DecayKind.PerToken => "PerToken",
        DecayKind.Convex => "Convex",
        _ => throw new ArgumentOutOfRangeException(nameof(decay), decay, null),
    };

    public static string KernelStruct(KernelSpec spec) => spec.Type.HintName + "Kernel";

    /// <summary>The driver's method with its type arguments.</summary>
    public static string Driver(KernelSpec spec, string method) =>
        $"{Runtime}StateDriver.{method}<global::{KernelNamespace}.{KernelStruct(spec)}, {Element(spec.ElementType)}>";

    /// <summary>The driver's method of tensors, with its type arguments.</summary>
    public static string TensorDriver(KernelSpec spec, string method) => spec.Storage == ElementStorage.Unchanged
        ? Driver(spec, method)
        : $"{Runtime}StateDriver.{method}<global::{KernelNamespace}.{KernelStruct(spec)}, {Stored(spec)}, {Element(spec.ElementType)}>";

    /// <summary>A type of the library that takes the tensors' element type.</summary>
    public static string OfStored(KernelSpec spec, string type) => $"global::{type}<{Stored(spec)}>";

    /// <summary>A type of the library that takes the element type of states and options.</summary>
    public static string Of(KernelSpec spec, string type) => $"global::{type}<{Element(spec.ElementType)}>";

    public static string ReadOnlySpan(KernelSpec spec) => OfStored(spec, "System.ReadOnlySpan");

    public static string Span(KernelSpec spec) => OfStored(spec, "System.Span");

    public static string Options(KernelSpec spec) => Of(spec, "KernelGen.AttentionOptions");

    public static string BackwardOptions(KernelSpec spec) => Of(spec, "KernelGen.BackwardOptions");

    public static string State(KernelSpec spec) => Of(spec, "KernelGen.AttentionState");
}
