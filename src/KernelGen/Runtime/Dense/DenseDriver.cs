using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Runtime;

/// <summary>
/// What the members of a dense layer's class call: checks every argument, chooses the level once, and runs the phases over blocks of rows. Nothing is written before every check has
/// passed, and nothing is allocated once a workspace has grown.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class DenseDriver
{
    /// <summary>Packs weights.</summary>
    /// <typeparam name="TKernel">The generated kernels.</typeparam>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="weights">W, [outputs, inputs], or [2 outputs, inputs] where gated.</param>
    /// <param name="bias">b, [outputs], or [2 outputs]; empty where the layer has none.</param>
    /// <param name="forTraining">Whether for backward calls too.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public static DenseWeights<T> Pack<TKernel, T>(ReadOnlySpan<T> weights, ReadOnlySpan<T> bias, bool forTraining)
        where TKernel : struct, IDenseKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        DenseChecks.Weights(TKernel.Traits, weights.Length, nameof(weights), bias.Length, nameof(bias));
        DenseWeights<T> packed = new(TKernel.Traits, forTraining);
        packed.Repack(weights, bias);
        return packed;
    }

    /// <summary>The forward pass.</summary>
    /// <typeparam name="TKernel">The generated kernels.</typeparam>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="x">Inputs, [tokens, inputs].</param>
    /// <param name="weights">Packed by the same layer.</param>
    /// <param name="y">Outputs, [tokens, outputs], written.</param>
    /// <param name="tokens">Rows.</param>
    /// <param name="options">Everything else.</param>
    /// <exception cref="ArgumentException">An argument is not what the layer or another argument asks for.</exception>
    public static void Forward<TKernel, T>(ReadOnlySpan<T> x, DenseWeights<T> weights, Span<T> y, int tokens, in DenseOptions options)
        where TKernel : struct, IDenseKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        DenseTraits traits = TKernel.Traits;
        DenseChecks.Packed(traits, weights, forTraining: false);
        DenseChecks.Tokens(tokens);
        DenseChecks.Rows(nameof(x), x.Length, tokens, "inputs", traits.Inputs);
        DenseChecks.Rows(nameof(y), y.Length, tokens, "outputs", traits.Outputs);
        DenseChecks.Apart(y, nameof(y), x, nameof(x));
        DenseChecks.Options(options);
        options.CancellationToken.ThrowIfCancellationRequested();
        if (tokens == 0)
            return;
        int degree = DenseContext<T>.Degree(options, 2L * tokens * traits.WeightRows * traits.Inputs), scratch = DenseContext<T>.ScratchLength(traits.ScratchLength);
        using var lease = WorkspaceLease.Take(options.Workspace, (long)degree * scratch * Unsafe.SizeOf<T>());
        DenseContext<T> context = new(InstructionSetSupport.Choose(traits.InstructionSets, options.Cap), lease.Team, degree, ref lease.At<T>(0), scratch, options.CancellationToken);
        DenseForward.Run<TKernel, T>(context, weights, in MemoryMarshal.GetReference(x), in Unsafe.NullRef<T>(), ref MemoryMarshal.GetReference(y), tokens);
    }

    /// <summary>What the layer became on this machine.</summary>
    /// <typeparam name="TKernel">The generated kernels.</typeparam>
    /// <typeparam name="T">Element type.</typeparam>
    public static DenseInfo Info<TKernel, T>()
        where TKernel : struct, IDenseKernel<T>
        where T : unmanaged => Described<TKernel, T>.Info;

    private static class Described<TKernel, T>
        where TKernel : struct, IDenseKernel<T>
        where T : unmanaged
    {
        public static readonly DenseInfo Info = new(TKernel.Traits);
    }
}
