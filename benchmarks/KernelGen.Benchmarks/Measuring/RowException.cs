namespace KernelGen.Benchmarks.Measuring;

/// <summary>A row has no figure; the message says why, to the reader of the table.</summary>
internal abstract class RowException(string message, Exception? inner) : Exception(message, inner);

/// <summary>This machine or build cannot measure the row: nothing is wrong, nothing is claimed.</summary>
internal sealed class RowUnavailableException(string message, Exception? inner = null) : RowException(message, inner);

/// <summary>A result was wrong, so timing it would mean nothing: the run fails.</summary>
internal sealed class RowRefusedException(string message, Exception? inner = null) : RowException(message, inner);
