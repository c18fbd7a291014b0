using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Plans;

/// <summary>The rows' phase of <see cref="SeparateBackward"/>: the forward pass, but that numerators meet dO where they would be outputs.</summary>
internal sealed class SeparateRows
{
    private readonly KernelSpec _spec;
    private readonly SeparateTiles _t;
    private readonly KernelStateTiles _forward;

    public SeparateRows(KernelSpec spec) => (_spec, _t, _forward) = (spec, new SeparateTiles(spec), new KernelStateTiles(spec) { Inverse = new SeparateTiles(spec).Inverse! });

    public TileProgram Program()
    {
        bool causal = _spec.Causal;
        List<TileOp> body = [.. KernelStatePlan.MapQueries(_spec, _forward)];
        if (causal)
            body.AddRange([.. KernelStatePlan.MapKeys(_forward), KernelStatePlan.CopyValues(_forward), KernelStatePlan.Scores(_forward)]);
        body.AddRange([.. KernelStatePlan.Normalizer(_spec, _forward, causal), Agreement(causal), Denominators()]);
        return SeparateBackward.Phase(
            _spec, SeparateBackward.Rows, ChunkGrid.LeftToRight, body, causal ? KernelStatePlan.Fold(_forward) : [],
            "chunks of queries: denominators, and the gradients of them");
    }

    /// <summary>The forward pass's last product before it is normalised, times dO.</summary>
    private TileOp Agreement(bool causal)
    {
        TileOp.Gemm outputs = (TileOp.Gemm)KernelStatePlan.Outputs(_forward, causal);
        return outputs with
        {
            Operands = new[] { new Operand(_t.DO) },
            Assigns = new[] { new Assign(_t.Agreement, new Expr.Arg(0) * new Expr.Arg(1)) },
            Note = $"x = ({(_t.Decays ? "qdecay " : "")}qf S{(causal ? " + p vf" : "")}) dO, element by element",
        };
    }

    private TileOp Denominators()
    {
        Expr inverse = new Expr.Arg(1);
        return new TileOp.Reduce(
            Axis.Column,
            new[] { new ReduceTerm(new Expr.Arg(0), new[] { new Operand(_t.Agreement) }) },
            new[] { new Operand(_t.Inverse!, Broadcast.Row) },
            new[] { new Assign(_t.Dn!, -(inverse * inverse * new Expr.Arg(0))) })
        {
            Note = "dn[r] = -inv[r]^2 sum_e x[r,e]",
        };
    }
}
