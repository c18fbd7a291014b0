namespace KernelGen.Generator.Schedule.Gpu;

/// <summary>
/// Finds places in shared memory for what is needed at different times: the largest first, each in the first gap among those that are needed at the same time.
/// </summary>
internal sealed class GpuPlaces
{
    private readonly List<Request> _requests = [];

    /// <summary>Asks for a place from op <paramref name="first"/> to op <paramref name="last"/>.</summary>
    /// <param name="words">Its size in words of 16 bytes.</param>
    /// <param name="first">The op that writes it first.</param>
    /// <param name="last">The op that reads it last.</param>
    /// <param name="over">Places that it may lie over all the same.</param>
    public Request Add(int words, int first, int last, Request[] over)
    {
        Request request = new(words, first, last, over);
        _requests.Add(request);
        return request;
    }

    /// <summary>Gives every request its offset, and returns the words in use.</summary>
    public int Assign()
    {
        List<Request> placed = [];
        foreach (Request request in _requests.OrderByDescending(r => r.Words))
        {
            int offset = 0;
            foreach (Request other in placed.Where(request.Meets).OrderBy(r => r.Offset))
            {
                if (other.Offset - offset >= request.Words)
                    break;
                offset = Math.Max(offset, other.Offset + other.Words);
            }

            request.Offset = offset;
            placed.Add(request);
        }

        return placed.Count == 0 ? 0 : placed.Max(r => r.Offset + r.Words);
    }

    /// <summary>A place and the time it is needed.</summary>
    internal sealed class Request(int words, int first, int last, Request[] over)
    {
        public int Words => words;

        public int Offset { get; set; }

        /// <summary>Whether both are needed at once.</summary>
        public bool Meets(Request other) => first <= other.Last && other.First <= last && !over.Contains(other) && !other.Over.Contains(this);

        private int First => first;

        private int Last => last;

        private Request[] Over => over;
    }
}
