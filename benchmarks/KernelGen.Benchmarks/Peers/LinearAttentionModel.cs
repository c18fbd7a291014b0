namespace KernelGen.Benchmarks.Peers;

/// <summary>
/// An ONNX model of one node, <c>com.microsoft.LinearAttention</c> with update rule "linear": S_t = S_{t-1} + k_t v_t^T, o_t = scale q_t S_t,
/// state [B, H, D, E]. Field numbers are those of onnx.proto.
/// </summary>
internal static class LinearAttentionModel
{
    public const string Query = "query", Key = "key", Value = "value", PastState = "past_state", Output = "output", PresentState = "present_state";

    private const int IrVersion = 10;
    private const int OnnxOperators = 21;
    private const int Float = 1;

    private enum AttributeType
    {
        Float = 1,
        Int = 2,
        String = 3,
    }

    public static byte[] Write(AttentionShape shape, int headDim, bool continues)
    {
        long[] rows = [shape.Batch, shape.Length, (long)shape.Heads * headDim];
        long[] state = [shape.Batch, shape.Heads, headDim, headDim];
        return new ProtobufWriter()
            .Integer(1, IrVersion)
            .Message(7, graph =>
            {
                graph.Message(1, node => Node(node, shape.Heads, continues)).Text(2, "linear_attention");
                Tensor(graph, 11, Query, rows);
                Tensor(graph, 11, Key, rows);
                Tensor(graph, 11, Value, rows);
                if (continues)
                    Tensor(graph, 11, PastState, state);
                Tensor(graph, 12, Output, rows);
                Tensor(graph, 12, PresentState, state);
            })
            .Message(8, set => set.Text(1, string.Empty).Integer(2, OnnxOperators))
            .Message(8, set => set.Text(1, "com.microsoft").Integer(2, 1))
            .ToArray();
    }

    private static void Node(ProtobufWriter node, int heads, bool continues)
    {
        node.Text(1, Query).Text(1, Key).Text(1, Value);
        if (continues)
            node.Text(1, PastState);
        node.Text(2, Output).Text(2, PresentState).Text(4, "LinearAttention");
        node.Message(5, a => a.Text(1, "q_num_heads").Integer(3, heads).Integer(20, (int)AttributeType.Int));
        node.Message(5, a => a.Text(1, "kv_num_heads").Integer(3, heads).Integer(20, (int)AttributeType.Int));
        node.Message(5, a => a.Text(1, "update_rule").Text(4, "linear").Integer(20, (int)AttributeType.String));

        // Left out, the op scales by 1 / sqrt(D), which linear attention has not.
        node.Message(5, a => a.Text(1, "scale").Single(2, 1f).Integer(20, (int)AttributeType.Float));
        node.Text(7, "com.microsoft");
    }

    private static void Tensor(ProtobufWriter graph, int field, string name, long[] shape) =>
        graph.Message(field, info => info.Text(1, name).Message(2, type => type.Message(1, tensor =>
        {
            tensor.Integer(1, Float);
            tensor.Message(2, dims => Array.ForEach(shape, extent => dims.Message(1, d => d.Integer(1, extent))));
        })));
}
