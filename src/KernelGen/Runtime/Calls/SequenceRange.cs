namespace KernelGen.Runtime;

/// <summary>Where one sequence's tokens lie: its batch entry, its first query and key token there, and how many it has.</summary>
internal readonly record struct SequenceRange(int Batch, int Start, int Length, int KeyStart, int KeyLength);
