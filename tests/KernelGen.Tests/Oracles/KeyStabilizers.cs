using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>The stabilisers of the keys of one sequence and head, at least 0: the greatest exponent so far, or of all; masked keys have none.</summary>
internal sealed class KeyStabilizers
{
    private readonly double[] _values;
    private readonly bool _isRunning;

    public KeyStabilizers(Declaration declaration, AttentionProblem problem, RowFeatures features, int batch, int head, int keyStart, int keyLength)
    {
        _values = new double[keyLength];
        _isRunning = declaration.Random?.Stabilizer == Stabilizer.RunningMaximum;
        double greatest = 0;
        for (int s = 0; s < keyLength; s++)
        {
            if (!problem.IsMasked(batch, keyStart + s))
                greatest = Math.Max(greatest, features.KeyMaximum(problem.KeyRow(batch, head, keyStart + s), head));
            _values[s] = greatest;
        }

        if (!_isRunning)
            Array.Fill(_values, greatest);
    }

    /// <summary>What the exponents of a key have subtracted.</summary>
    public double Of(int key) => _values[key];

    /// <summary>What is left of a key when a later token reads it: the state is scaled down whenever the maximum rises.</summary>
    public double Scale(int key, int token) => _isRunning ? Math.Exp(_values[key] - _values[token]) : 1;

    /// <summary>The same of the initial state.</summary>
    public double OfInitial(int token) => _isRunning ? Math.Exp(-_values[token]) : 1;
}
