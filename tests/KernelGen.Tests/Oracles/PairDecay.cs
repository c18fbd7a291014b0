using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>How the past fades between two tokens of a sequence and head: exp(-slope) a step, or the gates of the tokens after the first; 1 where nothing does. Convex gates weigh the first token too, by one minus its own.</summary>
internal sealed class PairDecay(Declaration declaration, AttentionProblem problem)
{
    private readonly double[] _slopes = PublishedSlopes.Of(declaration, problem);

    /// <summary>The factor on what token <paramref name="from"/> (-1: the initial state) has left for token <paramref name="to"/>, both counted from the sequence's start.</summary>
    public double Of(int batch, int head, int start, int from, int to)
    {
        if (problem.LogGates.Length == 0)
            return _slopes.Length == 0 ? 1 : Math.Exp(-_slopes[head] * (to - from));
        double sum = 0;
        for (int t = from + 1; t <= to; t++)
            sum += Math.Max(problem.LogGates[problem.Gate(batch, head, start + t)], -104);
        double factor = Math.Exp(sum);
        if (from >= 0)
            factor *= Gain(batch, head, start, from);

        // Below the normal range of the arithmetic's type exp is 0.
        return declaration.DType != DType.Float64 && factor < BitConverter.UInt32BitsToSingle(0x00800000) ? 0 : factor;
    }

    /// <summary>What a token is weighed by when it is added: one minus its gate, where gates are convex.</summary>
    public double Gain(int batch, int head, int start, int token) =>
        declaration.Decay == Decay.Convex ? 1 - Math.Exp(Math.Max(problem.LogGates[problem.Gate(batch, head, start + token)], -104)) : 1;

    /// <summary>Adds the gradient of a term of the loss that holds that factor.</summary>
    public void AddGradient(GradientResult gradients, int batch, int head, int start, int from, int to, double term)
    {
        if (gradients.Slopes.Length > 0)
            gradients.Slopes[head] -= (to - from) * term;
        if (declaration.Decay == Decay.Convex && from >= 0 && gradients.LogGates.Length > 0)
        {
            int weight = problem.Gate(batch, head, start + from);
            double kept = Math.Exp(problem.LogGates[weight]);
            if (problem.LogGates[weight] >= -104)
                gradients.LogGates[weight] -= term * kept / (1 - kept);
        }

        for (int t = from + 1; t <= to && gradients.LogGates.Length > 0; t++)
        {
            int gate = problem.Gate(batch, head, start + t);
            if (problem.LogGates[gate] >= -104)
                gradients.LogGates[gate] += term;
        }
    }
}
