using KernelGen.Runtime;
using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Runtime.Reference;

/// <summary>What a declaration would say, for <see cref="ScalarKernel{TDeclaration, T}"/>.</summary>
internal interface IDeclaration
{
    static abstract KernelTraits Traits { get; }

    static abstract double Epsilon { get; }

    /// <summary>phi.</summary>
    static abstract PhiMap Map { get; }
}
