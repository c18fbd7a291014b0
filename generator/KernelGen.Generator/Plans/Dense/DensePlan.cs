using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans.Dense;

/// <summary>
/// A dense layer y = f(h W^T + b) as phases over blocks of rows:
/// <code>
/// Forward         y = f(h W^T + b)
/// Inputs          h, for the weights' gradient
/// Slopes          dz = dy f'(z), z = h W^T + b computed again; gated: dz1 = dy z2 f'(z1), dz2 = dy f(z1)
/// InputGradient   dh += dz W
/// InputBackward   dx (and du) from dh
/// WeightGradient  dW += dz^T h over a chunk of tokens, summed from zero and then added
/// </code>
/// The bias's gradient is a plain sum of rows of dz, which needs no kernel.
/// </summary>
internal static class DensePlan
{
    public static EquatableArray<TileProgram> Build(DenseSpec spec)
    {
        List<TileProgram> phases = [Phase("Forward", Forward(spec))];
        if (spec.Input != DenseInput.Plain)
        {
            DenseInputs inputs = new(spec, spec.Inputs);
            phases.Add(Phase("Inputs", inputs.Prepare().Append(inputs.Emit())));
        }

        if (!spec.IsLinear)
            phases.Add(Phase("Slopes", Slopes(spec)));
        phases.Add(Phase("InputGradient", InputGradient(spec)));
        if (spec.Input != DenseInput.Plain)
            phases.Add(Phase("InputBackward", new DenseInputs(spec, spec.Inputs).Backward()));
        phases.Add(Phase("WeightGradient", WeightGradient(spec)));
        return phases.ToArray();

        TileProgram Phase(string name, IEnumerable<TileOp> ops) => new(name, spec.ElementBytes, ops.ToArray()) { Grid = ProgramGrid.Block };
    }

    private static IEnumerable<TileOp> Forward(DenseSpec spec)
    {
        DenseInputs inputs = new(spec, spec.Inputs);
        Tile y = Output("y", inputs.Rows, spec.Outputs), w = Panels("w", Extent.Fixed(spec.Inputs), spec.Outputs);
        if (!spec.IsGated)
        {
            Sum sum = new(spec, "b");
            Expr value = Substitution.ReplaceArg(spec.Activation, 0, sum.Value);
            if (spec.AddsToOutput)
                value = sum.Read(new Operand(Before(y))) + value;
            return inputs.Prepare().Append(Product(inputs.H, w, sum, $"y = {(spec.AddsToOutput ? "y + " : "")}f(h W^T{Bias(spec, " + b")})", new Assign(y, value)));
        }

        Tile gate = new("g", TileRole.Scratch, inputs.Rows, Extent.Fixed(spec.Outputs));
        Sum first = new(spec, "b"), second = new(spec, "b2");
        Expr gated = second.Value * second.Read(new Operand(gate));
        return inputs.Prepare().Concat(
        [
            Product(inputs.H, w, first, $"g = f(h W1^T{Bias(spec, " + b1")})", new Assign(gate, Substitution.ReplaceArg(spec.Activation, 0, first.Value))),
            Product(inputs.H, Panels("w2", Extent.Fixed(spec.Inputs), spec.Outputs), second, $"y = g o (h W2^T{Bias(spec, " + b2")})", new Assign(y, gated)),
        ]);
    }

    private static IEnumerable<TileOp> Slopes(DenseSpec spec)
    {
        DenseInputs inputs = new(spec, spec.Inputs);
        Expr slope = Derivative.Of(spec.Activation);
        Tile dz = Output("y", inputs.Rows, spec.Outputs), w = Panels("w", Extent.Fixed(spec.Inputs), spec.Outputs);
        Operand upstream = new(new Tile("dy", TileRole.Input, inputs.Rows, Extent.Fixed(spec.Outputs)));
        Sum first = new(spec, "b");
        if (!spec.IsGated)
        {
            Expr dy = first.Read(upstream);
            return inputs.Prepare().Append(Product(inputs.H, w, first, "dz = dy f'(z)", new Assign(dz, dy * Substitution.ReplaceArg(slope, 0, first.Value))));
        }

        Tile z = new("z", TileRole.Scratch, inputs.Rows, Extent.Fixed(spec.Outputs));
        Sum second = new(spec, "b2");
        Expr gradient = second.Read(upstream), z1 = second.Read(new Operand(z));
        return inputs.Prepare().Concat(
        [
            Product(inputs.H, w, first, "z = h W1^T + b1", new Assign(z, first.Value)),
            Product(
                inputs.H, Panels("w2", Extent.Fixed(spec.Inputs), spec.Outputs), second, "dz1 = dy z2 f'(z1), dz2 = dy f(z1)",
                new Assign(dz, gradient * second.Value * Substitution.ReplaceArg(slope, 0, z1)),
                new Assign(Output("y2", inputs.Rows, spec.Outputs), gradient * Substitution.ReplaceArg(spec.Activation, 0, z1))),
        ]);
    }

    private static IEnumerable<TileOp> InputGradient(DenseSpec spec)
    {
        Extent rows = Extent.Chunk(DenseRule.BlockRows(spec.WeightRows, spec.ElementBytes)), columns = Extent.Fixed(spec.WeightRows);
        Tile dy = new("dy", TileRole.Input, rows, columns), dz = new("dz", TileRole.Scratch, rows, columns);
        yield return new TileOp.Map(new[] { new Assign(dz, new Expr.Arg(0)) }, new[] { new Operand(dy) }) { Note = "dz = the rows' gradients" };
        yield return Adding(dz, Panels("w", columns, spec.Inputs), Output("y", rows, spec.Inputs), "dh = dh + dz W");
    }

    private static IEnumerable<TileOp> WeightGradient(DenseSpec spec)
    {
        Extent rows = Extent.Chunk(DenseRule.BlockRows(DenseRule.TokenChunk, spec.ElementBytes)), tokens = Extent.Chunk(DenseRule.TokenChunk);
        yield return Adding(new Tile("a", TileRole.Matrix, rows, tokens), Panels("w", tokens, spec.Inputs), Output("y", rows, spec.Inputs), "dW = dW + dz^T h");
    }

    private static TileOp Adding(Tile a, Tile b, Tile target, string note) => new TileOp.Gemm(
        new[] { new GemmTerm(a, false, b, false) }, new[] { new Operand(Before(target)) }, new[] { new Assign(target, new Expr.Arg(1) + new Expr.Arg(0)) })
    {
        Note = note,
    };

    private static TileOp Product(Tile h, Tile w, Sum sum, string note, params Assign[] assigns) =>
        new TileOp.Gemm(new[] { new GemmTerm(h, false, w, false) }, sum.Operands, assigns) { Note = note };

    private static Tile Output(string name, Extent rows, int columns) => new(name, TileRole.Output, rows, Extent.Fixed(columns));

    /// <summary>What an output holds before it is written.</summary>
    private static Tile Before(Tile output) => output with { Name = output.Name + "0", Role = TileRole.Input };

    private static Tile Panels(string name, Extent depth, int columns) => new(name, TileRole.Panels, depth, Extent.Fixed(columns));

    private static string Bias(DenseSpec spec, string text) => spec.HasBias ? text : "";

    /// <summary>A product's sum with the bias on it, and the operands that its value reads.</summary>
    private sealed class Sum
    {
        private readonly List<Operand> _operands = [];

        public Sum(DenseSpec spec, string bias)
        {
            Value = new Expr.Arg(0);
            if (spec.HasBias)
                Value += Read(new Operand(new Tile(bias, TileRole.Matrix, Extent.One, Extent.Fixed(spec.Outputs)), Broadcast.Column));
        }

        public Expr Value { get; }

        public EquatableArray<Operand> Operands => _operands.ToArray();

        public Expr Read(Operand operand)
        {
            _operands.Add(operand);
            return new Expr.Arg(_operands.Count);
        }
    }
}
