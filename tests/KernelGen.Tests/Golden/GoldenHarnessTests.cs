using System.Text.Json;

namespace KernelGen.Tests.Golden;

/// <summary>The harness on made-up cases: it has to fail where it should. One head, D = E = 2, so that a person can follow the numbers.</summary>
public sealed class GoldenHarnessTests : IClassFixture<GoldenHarnessTests.MadeUpFolder>
{
    private const string LinearSettings = """{"system": "linear_transformer", "causal": true, "eps": 0.5, "eps_rule": "out = num/(den+eps)", "feature_map": "elu+1"}""";
    private const string LightningSettings = """{"system": "lightning2", "causal": true, "normalise": false, "scale": null, "decay": "none", "slopes_source": "none"}""";
    private readonly MadeUpFolder _folder;

    public GoldenHarnessTests(MadeUpFolder folder) => _folder = folder;

    [Theory]
    [InlineData("linear_transformer/right", true)]
    [InlineData("linear_transformer/right_padded", true)]
    [InlineData("linear_transformer/wrong", false)]
    [InlineData("linear_transformer/wrong_state", false)]
    [InlineData("linear_transformer/nan", false)]
    [InlineData("lightning2/right", true)]
    [InlineData("lightning2/right_gradients", true)]
    [InlineData("lightning2/wrong_gradients", false)]
    public void Run_Case_PassesExactlyWhereItsNumbersAreRight(string name, bool passed)
    {
        GoldenRun[] runs = _folder.Report.Ran.Where(run => run.Case == name).ToArray();

        Assert.NotEmpty(runs);
        Assert.All(runs, run => Assert.Equal(passed, run.Passed));
    }

    [Theory]
    [InlineData("linear_transformer/corrupted", "no part of")]
    [InlineData("linear_transformer/no_settings", "no settings")]
    [InlineData("linear_transformer/settings_cut", "settings are no JSON")]
    [InlineData("linear_transformer/settings_list", "not an object")]
    [InlineData("linear_transformer/other_rule", "eps_rule max(den, eps) is unknown")]
    [InlineData("linear_transformer/other_map", "feature_map relu is unknown")]
    [InlineData("linear_transformer/random_map", "setting options is missing")]
    [InlineData("linear_transformer/other_array", "bias")]
    [InlineData("linear_transformer/no_values", "no array v")]
    [InlineData("lightning2/normalised", "not normalised")]
    [InlineData("lightning2/misplaced", "says that it is linear_transformer")]
    [InlineData("lightning2/slopes_missing", "no array slopes")]
    [InlineData("lightning2/gradients_of_nothing", "no d_out")]
    [InlineData("lightning2/misshapen_gradient", "dk is [1, 1, 1, 2], expected [1, 1, 2, 2]")]
    public void Run_CaseThatCannotBeReadOrMapped_IsAFault(string name, string reason)
    {
        GoldenFault fault = Assert.Single(_folder.Report.Faults, fault => fault.Case == name);

        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OtherSystems_AreUnsupported() =>
        Assert.Equal(["linformer/some"], _folder.Report.Unsupported.Order(StringComparer.Ordinal));

    [Fact]
    public void Write_Report_HasTheAgreedForm()
    {
        string path = Path.Combine(_folder.Location, "report.json");

        _folder.Report.Write(path);

        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement root = json.RootElement;
        Assert.Equal(_folder.Report.Ran.Count, root.GetProperty("ran").GetArrayLength());
        JsonElement right = root.GetProperty("ran").EnumerateArray().First(run => run.GetProperty("case").GetString() == "linear_transformer/right");
        Assert.Equal("scalar", root.GetProperty("ran").EnumerateArray().Last().GetProperty("level").GetString());
        Assert.Equal("float32", right.GetProperty("dtype").GetString());
        Assert.True(right.GetProperty("passed").GetBoolean());
        Assert.True(right.GetProperty("errors").GetProperty("out").GetDouble() < 1e-5);
        JsonElement nan = root.GetProperty("ran").EnumerateArray().First(run => run.GetProperty("case").GetString() == "linear_transformer/nan");
        Assert.Equal(JsonValueKind.Null, nan.GetProperty("errors").GetProperty("out").ValueKind);
        Assert.Equal(0, root.GetProperty("differs").GetArrayLength());
        Assert.Equal(["linformer/some"], root.GetProperty("unsupported").EnumerateArray().Select(c => c.GetString()!));
        Assert.Equal(_folder.Report.Ran.Count(run => !run.Passed) + 14, root.GetProperty("failed").GetInt32());
        Assert.Equal([path], Directory.GetFiles(_folder.Location));
    }

    /// <summary>phi(0) = 1 and phi(1) = 2: token 0 has weight 1 2 + 1 2 = 4; token 1, whose phi(q) is [2, 1], has weights 6 and 3.</summary>
    private static SafetensorsBuilder Linear(string settings, double[]? values = null, double[]? output = null) => Tokens(new SafetensorsBuilder(settings), values ?? [3, 5, 7, 9])
        .Add("out", [1, 1, 2, 2], output ?? [4 * 3 / 4.5, 4 * 5 / 4.5, ((6 * 3) + (3 * 7)) / 9.5, ((6 * 5) + (3 * 9)) / 9.5]);

    private static SafetensorsBuilder Tokens(SafetensorsBuilder file, double[] values) => file
        .Add("q", [1, 1, 2, 2], 0.0, 0, 1, 0)
        .Add("k", [1, 1, 2, 2], 1.0, 1, 0, 0)
        .Add("v", [1, 1, 2, 2], values);

    /// <summary>The scores are 0, then 1 and 0. From token 0 comes [1, 0], from token 1 [1, 2]: dO.v is 3 for (0, 0), 13 for (1, 0) and 25 for (1, 1).</summary>
    private static SafetensorsBuilder Gradients(double last = 25) => Tokens(new SafetensorsBuilder(LightningSettings), [3, 5, 7, 9])
        .Add("out", [1, 1, 2, 2], 0.0, 0, 3, 5)
        .Add("d_out", [1, 1, 2, 2], 1.0, 0, 1, 2)
        .Add("dq", [1, 1, 2, 2], 3.0, 3, 13, 13)
        .Add("dk", [1, 1, 2, 2], 13.0, 0, last, 0)
        .Add("dv", [1, 1, 2, 2], 1.0, 2, 0, 0);

    /// <summary>Cases in a temporary folder, run once.</summary>
    public sealed class MadeUpFolder : IDisposable
    {
        public MadeUpFolder()
        {
            Location = Directory.CreateTempSubdirectory("kernelgen-golden-").FullName;
            AddLinear();
            AddLightning();
            Add("linformer/some", new SafetensorsBuilder("""{"system": "rfa"}""").ToBytes());
            Report = GoldenHarness.Run(Location);
        }

        internal string Location { get; }

        internal GoldenReport Report { get; }

        public void Dispose() => Directory.Delete(Location, recursive: true);

        private void AddLinear()
        {
            Add("linear_transformer/right", Linear(LinearSettings).ToBytes());
            Add("linear_transformer/right_padded", Tokens(new SafetensorsBuilder(LinearSettings), [3, 5, double.NaN, double.NaN])
                .Add("key_lengths", [1], 1)
                .Add("out", [1, 1, 2, 2], 4 * 3 / 4.5, 4 * 5 / 4.5, 6 * 3 / 6.5, 6 * 5 / 6.5)
                .Add("state_s", [1, 1, 2, 2], 6.0, 10, 6, 10)
                .Add("state_z", [1, 1, 2], 2.0, 2).ToBytes());
            Add("linear_transformer/wrong", Linear(LinearSettings, output: [2.7, 4.4, 4.1, 6]).ToBytes());
            Add("linear_transformer/wrong_state", Linear(LinearSettings).Add("state_s", [1, 1, 2, 2], 13.0, 19, 13, 20).Add("state_z", [1, 1, 2], 3.0, 3).ToBytes());
            Add("linear_transformer/nan", Linear(LinearSettings, output: [double.NaN, 4.4, 4.1, 6]).ToBytes());
            Add("linear_transformer/corrupted", Linear(LinearSettings).ToBytes()[..^8]);
            Add("linear_transformer/no_settings", SafetensorsBuilder.Of("{}", []));
            Add("linear_transformer/settings_cut", new SafetensorsBuilder(LinearSettings[..^1]).ToBytes());
            Add("linear_transformer/settings_list", new SafetensorsBuilder("[]").ToBytes());
            Add("linear_transformer/other_rule", Linear(LinearSettings.Replace("out = num/(den+eps)", "max(den, eps)", StringComparison.Ordinal)).ToBytes());
            Add("linear_transformer/other_map", Linear(LinearSettings.Replace("elu+1", "relu", StringComparison.Ordinal)).ToBytes());
            Add("linear_transformer/random_map", Linear(LinearSettings.Replace("elu+1", "favor", StringComparison.Ordinal)).ToBytes());
            Add("linear_transformer/other_array", Linear(LinearSettings).Add("bias", [1], 0.0).ToBytes());
            Add("linear_transformer/no_values", new SafetensorsBuilder(LinearSettings).Add("q", [1, 1, 1, 2], 0.0, 0).Add("k", [1, 1, 1, 2], 0.0, 0).ToBytes());
        }

        private void AddLightning()
        {
            // Scores 1 0 + 1 0, then 1 1 + 0 1 and 1 0 + 0 0: nothing, then the first value.
            Add("lightning2/right", Tokens(new SafetensorsBuilder(LightningSettings), [3, 5, 7, 9]).Add("out", [1, 1, 2, 2], 0.0, 0, 3, 5).ToBytes());
            Add("lightning2/right_gradients", Gradients().ToBytes());
            Add("lightning2/wrong_gradients", Gradients(last: 25.01).ToBytes());
            Add("lightning2/gradients_of_nothing", Tokens(new SafetensorsBuilder(LightningSettings), [3, 5, 7, 9]).Add("out", [1, 1, 2, 2], 0.0, 0, 3, 5).Add("dq", [1, 1, 2, 2], 3.0, 3, 13, 13).ToBytes());
            Add("lightning2/misshapen_gradient", Tokens(new SafetensorsBuilder(LightningSettings), [3, 5, 7, 9]).Add("out", [1, 1, 2, 2], 0.0, 0, 3, 5).Add("d_out", [1, 1, 2, 2], 1.0, 0, 1, 2).Add("dk", [1, 1, 1, 2], 13.0, 0).ToBytes());
            Add("lightning2/misplaced", Linear(LinearSettings).ToBytes());
            Add("lightning2/normalised", Tokens(new SafetensorsBuilder(LightningSettings.Replace("false", "true", StringComparison.Ordinal)), [3, 5, 7, 9]).ToBytes());
            Add("lightning2/slopes_missing", Tokens(new SafetensorsBuilder(LightningSettings.Replace("\"decay\": \"none\"", "\"decay\": \"per-head exp(-slope*(i-j))\"", StringComparison.Ordinal)), [3, 5, 7, 9]).ToBytes());
        }

        private void Add(string name, byte[] file)
        {
            string path = Path.Combine(Location, name + ".safetensors");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, file);
        }
    }
}
