using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary>
/// A phase over all rows of a tensor, cut into blocks of rows, and into runs of columns where there are few rows. Every element of a product is one sum, so that no cut changes its bits;
/// it is by shape all the same.
/// </summary>
internal readonly ref struct DenseWork<TKernel, T> : IParallelWork
    where TKernel : struct, IDenseKernel<T>
    where T : unmanaged
{
    /// <summary>Units that a call is cut into where it has that many blocks and panels.</summary>
    private const int ManyUnits = 16;

    private readonly DenseFrame<T> _frame;
    private readonly DenseContext<T> _context;
    private readonly DensePhase _phase;
    private readonly int _rows;
    private readonly int _blockRows;
    private readonly int _groups;
    private readonly int _groupColumns;
    private readonly int _columns;

    /// <param name="context">The call's.</param>
    /// <param name="phase">Which.</param>
    /// <param name="frame">All rows.</param>
    /// <param name="rows">How many.</param>
    /// <param name="columns">Columns of the product; 0 for a phase without.</param>
    public DenseWork(DenseContext<T> context, DensePhase phase, DenseFrame<T> frame, int rows, int columns)
    {
        DenseTraits traits = TKernel.Traits;
        _context = context;
        _phase = phase;
        _frame = frame;
        _rows = rows;
        _blockRows = traits.Rows[(int)phase];
        int blocks = (rows + _blockRows - 1) / _blockRows;
        int panels = traits.Padded(columns) / traits.PanelWidth;
        _groups = Math.Clamp((ManyUnits + blocks - 1) / Math.Max(1, blocks), 1, Math.Max(1, panels));
        _groupColumns = (panels + _groups - 1) / _groups * traits.PanelWidth;
        _columns = traits.Padded(columns);
        if (_groupColumns > 0)
            _groups = (_columns + _groupColumns - 1) / _groupColumns;
        Units = blocks * _groups;
    }

    public int Units { get; }

    public void Run(int unit, int worker, WorkerTeam team)
    {
        int first = unit / _groups * _blockRows, column = unit % _groups * _groupColumns;
        DenseFrame<T> frame = _frame;
        frame.Input = ref Unsafe.Add(ref Unsafe.AsRef(in frame.Input), first * frame.InputStride);
        frame.Gate = ref Unsafe.Add(ref Unsafe.AsRef(in frame.Gate), first * frame.GateStride);
        frame.Upstream = ref Unsafe.Add(ref Unsafe.AsRef(in frame.Upstream), first * frame.UpstreamStride);
        frame.Output = ref Unsafe.Add(ref frame.Output, first * frame.OutputStride);
        frame.SecondOutput = ref Unsafe.Add(ref frame.SecondOutput, first * frame.SecondOutputStride);
        if (_phase == DensePhase.WeightGradient)
            frame.Left = ref Unsafe.Add(ref Unsafe.AsRef(in frame.Left), (nint)first * TKernel.Traits.TokenChunk);
        frame.Length = Math.Min(_blockRows, _rows - first);
        frame.FirstColumn = column;
        frame.LastColumn = Math.Min(_columns, column + _groupColumns);
        frame.Scratch = ref _context.Scratch(worker);
        TKernel.Run(_context.Level, _phase, ref frame);
    }
}
