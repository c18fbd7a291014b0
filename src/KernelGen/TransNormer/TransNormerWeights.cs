using KernelGen.Runtime;

namespace KernelGen;

/// <summary>
/// The weights and slopes of a block, packed for its kernels: made by the block's <c>Pack</c>, kept for as many calls as they stay the same, and brought up to date by <see cref="Repack"/> after they
/// have changed. A copy: the tensors it was made from are not looked at again. Calls only read it; repack while no call does.
/// </summary>
/// <typeparam name="T">Element type of the block.</typeparam>
public sealed class TransNormerWeights<T>
    where T : unmanaged
{
    private readonly T[] _slopes;

    internal TransNormerWeights(TransNormerTraits traits, bool forTraining)
    {
        Traits = traits;
        ForTraining = forTraining;
        Qkvu = [new(traits.Projection, forTraining), new(traits.Projection, forTraining), new(traits.Projection, forTraining), new(traits.Projection, forTraining)];
        Output = new(traits.Output, forTraining);
        Gate = new(traits.Glu, forTraining);
        Up = new(traits.Glu, forTraining);
        Down = new(traits.Down, forTraining);
        _slopes = new T[traits.Heads];
    }

    /// <summary>Whether the block's <c>Backward</c> can use it: then it holds the weights in a second order too.</summary>
    public bool ForTraining { get; }

    /// <summary>Bytes that the packed weights have.</summary>
    public long Bytes => Qkvu.Sum(w => w.Bytes) + Output.Bytes + Gate.Bytes + Up.Bytes + Down.Bytes;

    internal TransNormerTraits Traits { get; }

    /// <summary>Of queries, keys, values and gates.</summary>
    internal DenseWeights<T>[] Qkvu { get; }

    internal DenseWeights<T> Output { get; }

    internal DenseWeights<T> Gate { get; }

    internal DenseWeights<T> Up { get; }

    internal DenseWeights<T> Down { get; }

    internal ReadOnlySpan<T> Slopes => _slopes;

    /// <summary>Packs changed weights in the place of the old ones.</summary>
    /// <param name="parameters">The weights as PyTorch stores them, and the slopes.</param>
    /// <exception cref="ArgumentException">A length is wrong. Nothing has been written.</exception>
    public void Repack(in TransNormerParameters<T> parameters)
    {
        TransNormerChecks.Parameters(Traits, parameters);
        int width = Traits.Projection.Outputs, size = width * Traits.Projection.Inputs;
        for (int i = 0; i < Qkvu.Length; i++)
            Qkvu[i].Repack(parameters.Qkvu.Slice(i * size, size), parameters.QkvuBias.IsEmpty ? default : parameters.QkvuBias.Slice(i * width, width));
        Output.Repack(parameters.Output, parameters.OutputBias);
        Gate.Repack(parameters.Gate, parameters.GateBias);
        Up.Repack(parameters.Up, parameters.UpBias);
        Down.Repack(parameters.Down, parameters.DownBias);
        parameters.Slopes.CopyTo(_slopes);
    }
}
