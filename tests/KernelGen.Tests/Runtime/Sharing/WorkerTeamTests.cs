using KernelGen.Runtime;

namespace KernelGen.Tests.Runtime.Sharing;

public class WorkerTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Run_EveryUnit_OnceAndByAWorkerWithinTheDegree(int degree)
    {
        var team = new WorkerTeam();
        for (int call = 0; call < 200; call++)
        {
            var counts = new int[57];
            var busy = new int[degree];
            var work = new Work(counts.Length, (unit, worker) =>
            {
                // A worker is one thread at a time: it has memory of its own.
                Assert.Equal(1, Interlocked.Increment(ref busy[worker]));
                Interlocked.Increment(ref counts[unit]);
                Interlocked.Decrement(ref busy[worker]);
            });
            team.Run(work, degree, CancellationToken.None);
            Assert.All(counts, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void Run_DegreeOfOne_StaysOnTheCallersThread()
    {
        int caller = Environment.CurrentManagedThreadId;
        var work = new Work(20, (_, worker) => Assert.Equal((caller, 0), (Environment.CurrentManagedThreadId, worker)));

        new WorkerTeam().Run(work, 1, CancellationToken.None);
    }

    [Fact]
    public void Run_UnitsThatWaitForEachOther_RunAtTheSameTime()
    {
        using var both = new Barrier(2);
        var work = new Work(2, (_, _) => Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(60))));

        new WorkerTeam().Run(work, 2, CancellationToken.None);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_UnitsThatTakeTurns_OneAtATimeInOrder(int degree)
    {
        // Long enough apart that the turns would come out of order if nobody waited.
        var order = new List<int>();
        var work = new Work(60, (unit, _, team) =>
        {
            Thread.SpinWait((60 - unit) * 200);
            Assert.True(team.WaitForTurn(unit));
            order.Add(unit);
            team.PassTurn();
        });
        var threads = new WorkerTeam();

        threads.Run(work, degree, CancellationToken.None);
        threads.Run(work, degree, CancellationToken.None);

        Assert.Equal([.. Enumerable.Range(0, 60), .. Enumerable.Range(0, 60)], order);
    }

    [Fact]
    public void Run_UnitThatFailsBeforeItsTurn_NobodyWaitsForIt()
    {
        var failure = new InvalidOperationException("unit 2");
        var work = new Work(50, (unit, _, team) =>
        {
            if (unit == 2)
                throw failure;
            if (team.WaitForTurn(unit))
                team.PassTurn();
        });

        Assert.Same(failure, Assert.Throws<InvalidOperationException>(() => new WorkerTeam().Run(work, 3, CancellationToken.None)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_UnitThatFails_ItsExceptionReachesTheCallerAndTheTeamGoesOn(int degree)
    {
        var team = new WorkerTeam();
        var failure = new InvalidOperationException("unit 11");
        var failing = new Work(100, (unit, _) => _ = unit == 11 ? throw failure : 0);

        Assert.Same(failure, Assert.Throws<InvalidOperationException>(() => team.Run(failing, degree, CancellationToken.None)));

        int units = 0;
        var next = new Work(100, (_, _) => Interlocked.Increment(ref units));
        team.Run(next, degree, CancellationToken.None);
        Assert.Equal(100, units);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_CanceledByAUnit_BeginsNoFurtherOnes(int degree)
    {
        using var source = new CancellationTokenSource();
        int units = 0;
        var work = new Work(10_000, (unit, _) =>
        {
            Interlocked.Increment(ref units);
            if (unit == 5)
                source.Cancel();
        });

        OperationCanceledException canceled = Assert.ThrowsAny<OperationCanceledException>(() => new WorkerTeam().Run(work, degree, source.Token));

        Assert.Equal(source.Token, canceled.CancellationToken);
        Assert.InRange(units, 6, 9_999);
    }

    [Fact]
    public void Run_CanceledByTheLastUnit_IsComplete()
    {
        using var source = new CancellationTokenSource();
        var work = new Work(4, (unit, _) =>
        {
            if (unit == 3)
                source.Cancel();
        });

        new WorkerTeam().Run(work, 1, source.Token);

        Assert.True(source.IsCancellationRequested);
    }

    private readonly struct Work(int units, Action<int, int, WorkerTeam> run) : IParallelWork
    {
        public Work(int units, Action<int, int> run)
            : this(units, (unit, worker, _) => run(unit, worker))
        {
        }

        public int Units => units;

        public void Run(int unit, int worker, WorkerTeam team) => run(unit, worker, team);
    }
}
