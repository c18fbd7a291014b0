using KernelGen.Generator.Plans;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Tiles;
using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>The phases of <see cref="SeparateBackward"/>, interpreted as a host runs them: each with states of its own, which begin as the call or another phase says.</summary>
internal sealed class InterpretedSeparateBackward(Declaration declaration)
{
    private readonly KernelSpec _spec = DeclarationSpecs.Spec(declaration);

    /// <summary>Whether the declaration has such phases.</summary>
    public bool IsSupported => SeparateBackward.Supports(_spec);

    public IEnumerable<TileProgram> Phases => SeparateBackward.Phases(_spec).Append(SeparateBackward.StatePhase).Select(p => p.Build(_spec));

    public GradientResult Run(GradientProblem problem)
    {
        GradientResult result = GradientResult.Zero(declaration, problem.Call);
        for (int n = 0; n < problem.Call.Sequences; n++)
        {
            for (int h = 0; h < problem.Call.Shape.Heads; h++)
                Head(problem, n, h, result);
        }

        return result;
    }

    private void Head(GradientProblem problem, int n, int h, GradientResult result)
    {
        AttentionProblem call = problem.Call;
        HeadGradients head = new(declaration, problem, n, h);
        int index = (n * call.Shape.Heads) + h;
        Dictionary<string, TileProgram> phases = Phases.ToDictionary(p => p.Name);
        Plain before = Plain.Of(call, index, call.InitialState, call.InitialNormalizer), after = Plain.Of(call, index, problem.FinalState, problem.FinalNormalizer);
        Plain states = declaration.Causal ? before : Run(SeparateBackward.State, before, after);
        if (phases.ContainsKey(SeparateBackward.Rows))
            Run(SeparateBackward.Rows, states, after);
        Run(SeparateBackward.Queries, states, after);
        Plain gradient = Run(SeparateBackward.StateGradient, states, after), gradients = declaration.Causal ? after : gradient;
        Run(SeparateBackward.Keys, states, gradients);
        Run(SeparateBackward.Values, states, gradients);
        bool flows = declaration.Decay == Decay.PerHead;
        gradient.CopyTo(call, index, result);
        head.AddTo(result, flows ? "qflow" : null, flows ? "kflow" : null);

        // What a phase leaves in S and z, or in dS and dz.
        Plain Run(string name, Plain sums, Plain sumGradients)
        {
            TileProgram phase = phases[name];
            TileState state = new();
            Tile[] tiles = [.. phase.Tiles.Where(t => t.Role == TileRole.State && !t.Name.EndsWith("err", StringComparison.Ordinal))];
            foreach (Tile tile in tiles)
                (tile.Name[0] == 'd' ? sumGradients : sums).Load(state[tile], SeparateBackward.Parts[tile.Name]);
            TileInterpreter.Run(phase, head.Frame(name is SeparateBackward.Keys or SeparateBackward.Values or SeparateBackward.State ? head.KeyLength : head.Length, []), state);
            Plain left = sums.Copy();
            foreach (Tile tile in tiles.Where(t => t.Name is "S" or "dS" or "z" or "dz"))
                left.Store(state[tile], SeparateBackward.Parts[tile.Name].Part);
            return left;
        }
    }

    /// <summary>A plain state: S and z.</summary>
    private sealed record Plain(double[,] Sum, double[] Normalizer)
    {
        public static Plain Of(AttentionProblem call, int index, double[] sums, double[] normalizers)
        {
            double[,] sum = new double[call.HeadDim, call.ValueDim];
            for (int d = 0; d < call.HeadDim && sums.Length > 0; d++)
            {
                for (int e = 0; e < call.ValueDim; e++)
                    sum[d, e] = sums[(((index * call.HeadDim) + d) * call.ValueDim) + e];
            }

            return new Plain(sum, normalizers.Length == 0 ? new double[call.HeadDim] : normalizers[(index * call.HeadDim)..((index + 1) * call.HeadDim)]);
        }

        public Plain Copy() => new((double[,])Sum.Clone(), [.. Normalizer]);

        public void Load(double[,] tile, (string Part, bool Transposed) of)
        {
            for (int r = 0; r < tile.GetLength(0); r++)
            {
                for (int c = 0; c < tile.GetLength(1); c++)
                    tile[r, c] = of.Part == "z" ? Normalizer[c] : of.Transposed ? Sum[c, r] : Sum[r, c];
            }
        }

        public void Store(double[,] tile, string part)
        {
            for (int r = 0; r < tile.GetLength(0); r++)
            {
                for (int c = 0; c < tile.GetLength(1); c++)
                {
                    if (part == "z")
                        Normalizer[c] = tile[r, c];
                    else
                        Sum[r, c] = tile[r, c];
                }
            }
        }

        public void CopyTo(AttentionProblem call, int index, GradientResult result)
        {
            for (int d = 0; d < call.HeadDim; d++)
            {
                for (int e = 0; e < call.ValueDim; e++)
                    result.State[(((index * call.HeadDim) + d) * call.ValueDim) + e] = Sum[d, e];
                if (result.Normalizer.Length > 0)
                    result.Normalizer[(index * call.HeadDim) + d] = Normalizer[d];
            }
        }
    }
}
