using System.Numerics;
using KernelGen.Runtime;
using KernelGen.Tests.Runtime.Reference;

namespace KernelGen.Tests.Runtime;

public class ContinuationTests
{
    private const int Length = 11;

    [Fact]
    public void Forward_SplitAnywhere_SameBitsAsWhole()
    {
        SplitsAgree<EluFloat, float>();
        SplitsAgree<EluDouble, double>();
        SplitsAgree<LightningFloat, float>();
        SplitsAgree<PerHeadDouble, double>();
    }

    [Fact]
    public void Step_TokenByToken_SameBitsAsPrefill()
    {
        StepsAgree<EluFloat, float>();
        StepsAgree<EluDouble, double>();
        StepsAgree<LightningFloat, float>();
        StepsAgree<PerHeadDouble, double>();
    }

    [Fact]
    public void Forward_PackedContinuation_SameBitsAsWhole()
    {
        // Two sequences of 7 and 4 tokens: first 3 and 0 of them, then 4 and 4, in one packed call each.
        var whole = new Problem<EluFloat, float>(new AttentionShape(1, 11, 1)) { CuSeqlens = [0, 7, 11] };
        whole.Run();
        using AttentionState<float> state = whole.CreateState();
        float[] first = Part(whole, state, (0, 3), (7, 7));
        float[] second = Part(whole, state, (3, 7), (7, 11));

        Agreement.Same(whole.O[..9], first);
        Agreement.Same(whole.O[9..], second);
        Assert.Equal([7, 4], state.Positions.ToArray());

        static float[] Part(Problem<EluFloat, float> whole, AttentionState<float> state, (int Start, int End) a, (int Start, int End) b)
        {
            int length = a.End - a.Start + b.End - b.Start;
            var part = new Problem<EluFloat, float>(new AttentionShape(1, length, 1))
            {
                CuSeqlens = [0, a.End - a.Start, length],
                Q = [.. whole.Q[(a.Start * 5)..(a.End * 5)], .. whole.Q[(b.Start * 5)..(b.End * 5)]],
                K = [.. whole.K[(a.Start * 5)..(a.End * 5)], .. whole.K[(b.Start * 5)..(b.End * 5)]],
                V = [.. whole.V[(a.Start * 3)..(a.End * 3)], .. whole.V[(b.Start * 3)..(b.End * 3)]],
            };
            part.Run(state);
            return part.O;
        }
    }

    [Fact]
    public void Step_GroupedHeads_SameBitsAsPrefill()
    {
        var whole = new Problem<EluFloat, float>(new AttentionShape(2, 1, 4) { KeyValueHeads = 2 });
        whole.Run();
        using AttentionState<float> state = whole.CreateState();
        float[] o = new float[whole.O.Length];

        StateDriver.Step<ScalarKernel<EluFloat, float>, float>(whole.Q, whole.K, whole.V, o, state, default);

        Agreement.Same(whole.O, o);
    }

    [Fact]
    public void Step_MaskedSequence_AddsNothing()
    {
        var step = new Problem<EluFloat, float>(new AttentionShape(2, 1, 1)) { KeyMask = [true, false] };
        using AttentionState<float> state = step.CreateState();
        step.Run(state);
        float[] sums = new float[2 * 5 * 3];
        float[] weights = new float[2 * 5];

        state.CopyTo(sums, weights);

        Assert.All(weights[..5], w => Assert.NotEqual(0, w));
        Assert.All(weights[5..], w => Assert.Equal(0, w));
        Assert.Equal([1, 1], state.Positions.ToArray());
    }

    [Fact]
    public void Reset_OneSequence_StartsItAfresh()
    {
        var problem = new Problem<EluFloat, float>(new AttentionShape(2, 6, 1));
        using AttentionState<float> state = problem.CreateState();
        problem.Run(state);
        float[] first = [.. problem.O];

        state.Reset(1);
        problem.Run(state);

        Assert.Equal([12, 6], state.Positions.ToArray());
        Agreement.Same(first[18..], problem.O[18..]);
        Assert.NotEqual(first[..18], problem.O[..18]);
        state.Reset();
        problem.Run(state);
        Agreement.Same(first, problem.O);
    }

    [Fact]
    public void Forward_TwinDeclaration_ContinuesTheState()
    {
        var whole = new Problem<EluFloat, float>(new AttentionShape(1, 6, 1));
        whole.Run();
        using AttentionState<float> state = StateDriver.CreateState<ScalarKernel<EluFloatTwin, float>, float>(1, 1);
        var again = new Problem<EluFloat, float>(whole.Shape);

        again.Run(state);

        Agreement.Same(whole.O, again.O);
    }

    private static void SplitsAgree<TDeclaration, T>()
        where TDeclaration : struct, IDeclaration
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Problem<TDeclaration, T> whole = Whole<TDeclaration, T>();
        for (int cut = 0; cut <= Length; cut++)
        {
            for (int later = cut; later <= Length; later++)
            {
                using AttentionState<T> state = whole.CreateState();
                Continue(whole, state, 0, cut);
                Continue(whole, state, cut, later);
                Continue(whole, state, later, Length);
                Assert.Equal([Length, Length], state.Positions.ToArray());
            }
        }
    }

    private static void StepsAgree<TDeclaration, T>()
        where TDeclaration : struct, IDeclaration
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Problem<TDeclaration, T> whole = Whole<TDeclaration, T>();
        using AttentionState<T> state = whole.CreateState();
        for (int t = 0; t < Length; t++)
        {
            Problem<TDeclaration, T> token = Tokens(whole, t, t + 1);
            StateDriver.Step<ScalarKernel<TDeclaration, T>, T>(token.Q, token.K, token.V, token.O, state, token.Options);
            Agreement.Same(Rows(whole, whole.O, t, t + 1, TDeclaration.Traits.ValueDim), token.O);
        }
    }

    private static Problem<TDeclaration, T> Whole<TDeclaration, T>()
        where TDeclaration : struct, IDeclaration
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Problem<TDeclaration, T> whole = new Problem<TDeclaration, T>(new AttentionShape(2, Length, 2)).WithMask();
        whole.Run();
        return whole;
    }

    private static void Continue<TDeclaration, T>(Problem<TDeclaration, T> whole, AttentionState<T> state, int start, int end)
        where TDeclaration : struct, IDeclaration
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Problem<TDeclaration, T> part = Tokens(whole, start, end);
        part.Run(state);
        Agreement.Same(Rows(whole, whole.O, start, end, TDeclaration.Traits.ValueDim), part.O);
    }

    /// <summary>Tokens start to end of every sequence as a problem of their own.</summary>
    private static Problem<TDeclaration, T> Tokens<TDeclaration, T>(Problem<TDeclaration, T> whole, int start, int end)
        where TDeclaration : struct, IDeclaration
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new(whole.Shape with { Length = end - start })
        {
            Q = Rows(whole, whole.Q, start, end, TDeclaration.Traits.HeadDim),
            K = Rows(whole, whole.K, start, end, TDeclaration.Traits.HeadDim),
            V = Rows(whole, whole.V, start, end, TDeclaration.Traits.ValueDim),
            KeyMask = [.. Enumerable.Range(0, whole.Shape.Batch).SelectMany(b => whole.KeyMask![((b * Length) + start)..((b * Length) + end)])],
        };

    private static T[] Rows<TDeclaration, T>(Problem<TDeclaration, T> whole, T[] tensor, int start, int end, int width)
        where TDeclaration : struct, IDeclaration
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int token = whole.Shape.Heads * width;
        return [.. Enumerable.Range(0, whole.Shape.Batch).SelectMany(b => tensor[(((b * Length) + start) * token)..(((b * Length) + end) * token)])];
    }
}
