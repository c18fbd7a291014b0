namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>
/// Puts basic blocks into a weak topological order: every loop in one piece, before what follows it, and joins after their branches. A warp runs
/// the foremost of its diverged threads, so that they meet again where the paths join, as on hardware; ILGPU's own order has branches
/// behind their joins.
/// </summary>
internal static class PtxBlockOrder
{
    public static PtxStep[] Arrange(PtxStep[] steps)
    {
        SortedSet<int> starts = [0];
        for (int i = 0; i < steps.Length; i++)
        {
            steps[i].Next = i + 1;
            if (steps[i].Kind is not (PtxStepKind.Branch or PtxStepKind.BranchIndexed or PtxStepKind.Exit))
                continue;
            if (i + 1 < steps.Length)
                starts.Add(i + 1);
            if (steps[i].Kind == PtxStepKind.Branch)
                starts.Add(steps[i].Target);
            starts.UnionWith(steps[i].Targets);
        }

        int[] begin = [.. starts];
        int[] blockOf = new int[steps.Length];
        for (int b = 0; b < begin.Length; b++)
            Array.Fill(blockOf, b, begin[b], (b + 1 < begin.Length ? begin[b + 1] : steps.Length) - begin[b]);

        List<int>[] successors = new List<int>[begin.Length];
        for (int b = 0; b < begin.Length; b++)
        {
            PtxStep last = steps[(b + 1 < begin.Length ? begin[b + 1] : steps.Length) - 1];
            successors[b] = last.Kind switch
            {
                PtxStepKind.Branch when last.Guard < 0 => [blockOf[last.Target]],
                PtxStepKind.Branch => [blockOf[last.Next], blockOf[last.Target]],
                PtxStepKind.BranchIndexed => [.. last.Targets.Select(target => blockOf[target]), .. last.Guard < 0 ? [] : new[] { blockOf[last.Next] }],
                PtxStepKind.Exit when last.Guard < 0 => [],
                _ => [blockOf[last.Next]],
            };
        }

        // What nothing reaches, such as code behind a return, goes last.
        HashSet<int> reached = Reached(successors);
        List<int> order = [];
        Order(reached, 0, successors, order);
        order.AddRange(Enumerable.Range(0, begin.Length).Where(b => !reached.Contains(b)));
        int[] newIndex = new int[steps.Length + 1];
        List<PtxStep> arranged = [];
        foreach (int b in order)
        {
            for (int i = begin[b]; i < steps.Length && blockOf[i] == b; i++)
            {
                newIndex[i] = arranged.Count;
                arranged.Add(steps[i]);
            }
        }

        foreach (PtxStep step in arranged)
        {
            step.Next = newIndex[step.Next];
            step.Target = newIndex[step.Target];
            step.Targets = [.. step.Targets.Select(target => newIndex[target])];
        }

        return [.. arranged];
    }

    private static HashSet<int> Reached(List<int>[] successors)
    {
        HashSet<int> reached = [0];
        Stack<int> rest = new([0]);
        while (rest.TryPop(out int block))
        {
            foreach (int next in successors[block])
            {
                if (reached.Add(next))
                    rest.Push(next);
            }
        }

        return reached;
    }

    // Strongly connected parts in topological order; within each, its head first and the rest again without the edges back to the head.
    private static void Order(HashSet<int> nodes, int head, List<int>[] successors, List<int> order)
    {
        foreach (List<int> part in Components(nodes, head, successors))
        {
            int first = part[^1];
            if (part.Count == 1)
            {
                order.Add(first);
                continue;
            }

            order.Add(first);
            HashSet<int> rest = [.. part];
            rest.Remove(first);
            Order(rest, successors[first].FirstOrDefault(rest.Contains, rest.First()), successors, order);
        }
    }

    // Tarjan's algorithm finds parts last first; the node of a part that was reached first, its head, is the last in its list.
    private static List<List<int>> Components(HashSet<int> nodes, int head, List<int>[] successors)
    {
        Dictionary<int, int> index = [];
        Dictionary<int, int> low = [];
        Stack<int> stack = [];
        HashSet<int> onStack = [];
        List<List<int>> parts = [];

        void Visit(int node)
        {
            index[node] = low[node] = index.Count;
            stack.Push(node);
            onStack.Add(node);
            foreach (int next in successors[node].Where(nodes.Contains))
            {
                if (!index.TryGetValue(next, out int seen))
                {
                    Visit(next);
                    low[node] = Math.Min(low[node], low[next]);
                }
                else if (onStack.Contains(next))
                {
                    low[node] = Math.Min(low[node], seen);
                }
            }

            if (low[node] != index[node])
                return;
            List<int> part = [];
            int top;
            do
            {
                top = stack.Pop();
                onStack.Remove(top);
                part.Add(top);
            }
            while (top != node);
            parts.Add(part);
        }

        Visit(head);
        foreach (int node in nodes.Order())
        {
            if (!index.ContainsKey(node))
                Visit(node);
        }

        parts.Reverse();
        return parts;
    }
}
