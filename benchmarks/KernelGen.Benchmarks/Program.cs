using BenchmarkDotNet.Running;

// Absolute times of ours alone, for the record; all of them if nothing is said.
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length > 0 ? args : ["--filter", "*"]);
