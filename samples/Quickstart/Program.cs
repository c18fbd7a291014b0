using KernelGen;
using Quickstart;

// Eight heads of width 64 over 1024 tokens. Tensors are plain arrays, [batch, length, heads, width].
AttentionShape shape = new(Batch: 1, Length: 1024, Heads: 8);
Tensors tensors = Tensors.Random(shape, headDim: 64);

// This is all there is to it: declare a class (Declarations.cs), call it.
EluAttention.Forward(tensors.Q, tensors.K, tensors.V, tensors.O, shape);

// The rest of the sample shows what you got.
Console.WriteLine("What was chosen for this machine, how exact and how fast it is:");
bool right = true;
foreach (Attention attention in Attention.All)
{
    AttentionInfo info = attention.Info;
    double error = Accuracy.RelativeError(attention, tensors);
    double nanoseconds = Speed.NanosecondsPerTokenAndHead(attention, tensors);
    right &= error <= 1e-6;
    Console.WriteLine(FormattableString.Invariant(
        $"  {attention.Name,-20}  {info.InstructionSet}, chunks of {info.ChunkSize} tokens, register tile {info.RegisterTile}"));
    Console.WriteLine(FormattableString.Invariant(
        $"  {"",-20}  relative error {error:0.0e+0}, {nanoseconds:0} ns a token and head, {info.FlopsPerToken / nanoseconds:0} useful GFLOP/s on one core"));
}

Console.WriteLine("100,000 tokens one by one (Step) and in uneven pieces (Forward), each with a running state:");
foreach (Attention attention in Attention.All)
{
    bool same = Streaming.StepsAndPiecesAgree(attention, length: 100_000);
    right &= same;
    Console.WriteLine($"  {attention.Name,-20}  {(same ? "the same bits" : "DIFFERENT BITS")}");
}

return right ? 0 : 1;
