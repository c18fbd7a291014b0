using KernelGen.Runtime;
using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Runtime.Reference;

/// <summary>Causal, normalised, no decay: a compensated state.</summary>
internal readonly struct EluFloat : IDeclaration
{
    public static KernelTraits Traits { get; } = TestTraits.Create("EluFloat", d: 5, e: 3, chunk: 4, causal: true, normalized: true, Decay.None, DType.Float32);

    public static double Epsilon => 1e-6;

    public static PhiMap Map => PhiMap.EluPlusOne;
}

internal readonly struct EluDouble : IDeclaration
{
    public static KernelTraits Traits { get; } = TestTraits.Create("EluDouble", d: 3, e: 10, chunk: 4, causal: true, normalized: true, Decay.None, DType.Float64);

    public static double Epsilon => 1e-6;

    public static PhiMap Map => PhiMap.EluPlusOne;
}

/// <summary>Causal, slopes by rule, no map, no normaliser.</summary>
internal readonly struct LightningFloat : IDeclaration
{
    public static KernelTraits Traits { get; } = TestTraits.Create("LightningFloat", d: 4, e: 6, chunk: 4, causal: true, normalized: false, Decay.LightningSlopes, DType.Float32);

    public static double Epsilon => 0;

    public static PhiMap Map => PhiMap.Identity;
}

/// <summary>Causal, slopes with the call, normalised.</summary>
internal readonly struct PerHeadDouble : IDeclaration
{
    public static KernelTraits Traits { get; } = TestTraits.Create("PerHeadDouble", d: 2, e: 2, chunk: 3, causal: true, normalized: true, Decay.PerHead, DType.Float64);

    public static double Epsilon => 1e-3;

    public static PhiMap Map => PhiMap.EluPlusOne;
}

/// <summary>Every query sees every key.</summary>
internal readonly struct CrossFloat : IDeclaration
{
    public static KernelTraits Traits { get; } = TestTraits.Create("CrossFloat", d: 5, e: 3, chunk: 4, causal: false, normalized: true, Decay.None, DType.Float32);

    public static double Epsilon => 1e-6;

    public static PhiMap Map => PhiMap.EluPlusOne;
}

/// <summary>Dims and layout of <see cref="EluFloat"/>, another map: only the variant text tells their states apart.</summary>
internal readonly struct ForeignFloat : IDeclaration
{
    public static KernelTraits Traits { get; } = EluFloat.Traits with { Name = "ForeignFloat", Variant = "ForeignFloat" };

    public static double Epsilon => 1e-6;

    public static PhiMap Map => PhiMap.SquaredRelu;
}

/// <summary>The variant of <see cref="EluFloat"/> under another name and layout, as a later generator might emit it.</summary>
internal readonly struct RelaidFloat : IDeclaration
{
    public static KernelTraits Traits { get; } = EluFloat.Traits with
    {
        Name = "RelaidFloat",
        State = EluFloat.Traits.State with { Length = EluFloat.Traits.State.Length + 16 },
    };

    public static double Epsilon => 1e-6;

    public static PhiMap Map => PhiMap.EluPlusOne;
}

/// <summary>The same declaration as <see cref="EluFloat"/> under another name: states go from one to the other.</summary>
internal readonly struct EluFloatTwin : IDeclaration
{
    public static KernelTraits Traits { get; } = EluFloat.Traits with { Name = "EluFloatTwin" };

    public static double Epsilon => 1e-6;

    public static PhiMap Map => PhiMap.EluPlusOne;
}

/// <summary>Every query sees every key, nothing is normalised.</summary>
internal readonly struct CrossDouble : IDeclaration
{
    public static KernelTraits Traits { get; } = TestTraits.Create("CrossDouble", d: 3, e: 4, chunk: 4, causal: false, normalized: false, Decay.None, DType.Float64);

    public static double Epsilon => 0;

    public static PhiMap Map => PhiMap.Waves;
}

/// <summary>Causal, slopes with the call, not normalised.</summary>
internal readonly struct PerHeadFloat : IDeclaration
{
    public static KernelTraits Traits { get; } = TestTraits.Create("PerHeadFloat", d: 5, e: 2, chunk: 4, causal: true, normalized: false, Decay.PerHead, DType.Float32);

    public static double Epsilon => 0;

    public static PhiMap Map => PhiMap.Identity;
}

/// <summary>A class that an earlier generator emitted, without a backward pass.</summary>
internal readonly struct ForwardOnlyFloat : IDeclaration
{
    public static KernelTraits Traits { get; } = EluFloat.Traits with { Name = "ForwardOnlyFloat", Backward = null };

    public static double Epsilon => 1e-6;

    public static PhiMap Map => PhiMap.EluPlusOne;
}
