using KernelGen.Benchmarks.Measuring;
using Microsoft.ML.OnnxRuntime;

namespace KernelGen.Benchmarks.Peers;

/// <summary>
/// ONNX Runtime's own linear attention on the CPU: the bare recurrence, no feature map, no normaliser. Inputs and outputs are bound once to
/// the buffers that everyone shares, so that a run neither allocates nor copies.
/// </summary>
internal sealed class OnnxRuntimeLinearAttention : IDisposable
{
    private readonly List<IDisposable> _resources = [];
    private readonly InferenceSession _session;
    private readonly RunOptions _options;

    /// <summary>One binding; two that exchange past and present state where the op continues a state.</summary>
    private readonly OrtIoBinding[] _bindings;

    private int _turn;

    /// <param name="shape">Of one call.</param>
    /// <param name="headDim">D = E.</param>
    /// <param name="buffers">q, k, v and o, [B, T, H, D].</param>
    /// <param name="continues">Whether each run starts from the state the last one left (decode), or from zero.</param>
    /// <param name="threads">Threads of the op, the caller's included.</param>
    /// <param name="placement">Where its states start.</param>
    /// <exception cref="RowUnavailableException">The native library or the op is not there.</exception>
    public OnnxRuntimeLinearAttention(
        AttentionShape shape, int headDim, (PinnedBuffer Q, PinnedBuffer K, PinnedBuffer V, PinnedBuffer O) buffers, bool continues, int threads, Placement placement = Placement.Line)
    {
        try
        {
            using SessionOptions settings = new()
            {
                IntraOpNumThreads = threads,
                InterOpNumThreads = 1,
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            };

            // Its workers spin for more work while it runs, but not on into the next contestant's turn.
            settings.AddSessionConfigEntry("session.force_spinning_stop", "1");
            _session = Keep(new InferenceSession(LinearAttentionModel.Write(shape, headDim, continues), settings));
            _options = Keep(new RunOptions());

            long[] rows = [shape.Batch, shape.Length, (long)shape.Heads * headDim];
            long[] state = [shape.Batch, shape.Heads, headDim, headDim];
            OrtValue first = Value(new PinnedBuffer(state.Aggregate(1L, (a, b) => a * b), placement), state);
            OrtValue second = Value(new PinnedBuffer(state.Aggregate(1L, (a, b) => a * b), placement), state);
            OrtValue q = Value(buffers.Q, rows), k = Value(buffers.K, rows), v = Value(buffers.V, rows), o = Value(buffers.O, rows);

            _bindings = continues ? [Bind(first, second), Bind(second, first)] : [Bind(null, first)];

            OrtIoBinding Bind(OrtValue? past, OrtValue present)
            {
                OrtIoBinding binding = Keep(_session.CreateIoBinding());
                binding.BindInput(LinearAttentionModel.Query, q);
                binding.BindInput(LinearAttentionModel.Key, k);
                binding.BindInput(LinearAttentionModel.Value, v);
                if (past is not null)
                    binding.BindInput(LinearAttentionModel.PastState, past);
                binding.BindOutput(LinearAttentionModel.Output, o);
                binding.BindOutput(LinearAttentionModel.PresentState, present);
                return binding;
            }
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or OnnxRuntimeException)
        {
            Dispose();
            throw new RowUnavailableException($"ONNX Runtime: {Cause(e.InnerException ?? e)}", e);
        }
    }

    public void Run()
    {
        _session.RunWithBinding(_options, _bindings[_turn]);
        _turn = (_turn + 1) % _bindings.Length;
    }

    public void Dispose()
    {
        for (int i = _resources.Count - 1; i >= 0; i--)
            _resources[i].Dispose();
        _resources.Clear();
    }

    /// <summary>The message on one line, without the places where a loader looked in vain.</summary>
    private static string Cause(Exception e) =>
        string.Join(' ', e.Message.Split('\n', StringSplitOptions.TrimEntries).Where(line => !line.EndsWith("No such file or directory", StringComparison.Ordinal)));

    private OrtValue Value(PinnedBuffer buffer, long[] shape) =>
        Keep(OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, buffer.Memory, shape));

    private T Keep<T>(T resource)
        where T : IDisposable
    {
        _resources.Add(resource);
        return resource;
    }
}
