using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Preprocessing;

namespace HemoApi.Imaging.Tests.Inference;

/// <summary>ONNX networks of a few nodes, written byte by byte (protocol buffers; field numbers from onnx.proto), whose output is
/// known exactly: one convolution whose channels are ICH, EDH, SDH, and a sigmoid.</summary>
internal static class TinyNetwork
{
    public const string Input = "image";
    public const string Output = "probabilities";

    private const int Float = 1;

    /// <summary>A pixel is at 0.5 or over in a channel where weight · normalised HU + bias ≥ 0.</summary>
    public static byte[] Pointwise(params (float Weight, float Bias)[] channels) =>
        Convolution(1, [.. channels.Select(c => c.Weight)], [.. channels.Select(c => c.Bias)]);

    /// <summary>ICH from that many HU on, nothing else; steep, so that 0.5 lies between two HU.</summary>
    public static byte[] IchFrom(double hu) => Pointwise(Step(hu, 1), Never, Never);

    /// <summary>ICH between those HU, nothing else: bone is no blood.</summary>
    public static byte[] IchBetween(double lowHu, double highHu)
    {
        var (low, high) = (Step(lowHu, 1), Step(highHu, 1));
        return Model(
            [
                Node("Conv", [Input, "weights", "bias"], "steps"),
                Node("Sigmoid", ["steps"], "over"),
                Node("Conv", ["over", "both", "half"], "logits"),
                Node("Sigmoid", ["logits"], Output),
            ],
            Tensor("weights", [2, 1, 1, 1], [low.Weight, high.Weight]),
            Tensor("bias", [2], [low.Bias, high.Bias]),
            Tensor("both", [3, 2, 1, 1], [40, -40, 0, 0, 0, 0]),
            Tensor("half", [3], [-20, Never.Bias, Never.Bias]));
    }

    /// <summary>A channel that is over 0.5 from that many HU on (sign 1) or below (sign −1).</summary>
    public static (float Weight, float Bias) Step(double hu, float sign) => (100 * sign, -100 * sign * HuNormalisation.Default.Apply(hu));

    public static (float Weight, float Bias) Never => (0, -20);

    /// <summary>Convolution with kernels of size × size, padded to keep the size, and a sigmoid.</summary>
    /// <param name="weights">Channels × size × size.</param>
    public static byte[] Convolution(int size, float[] weights, float[] bias)
    {
        var pad = (size - 1) / 2;
        return Model(
            [
                Node("Conv", [Input, "weights", "bias"], "logits", Ints("kernel_shape", size, size), Ints("pads", pad, pad, pad, pad)),
                Node("Sigmoid", ["logits"], Output),
            ],
            Tensor("weights", [bias.Length, 1, size, size], weights),
            Tensor("bias", [bias.Length], bias));
    }

    /// <summary>Output = 0 · image / 0, which is not a number.</summary>
    public static byte[] NotANumber() => Model(
        [Node("Conv", [Input, "weights"], "zero"), Node("Div", ["zero", "zero"], Output)],
        Tensor("weights", [3, 1, 1, 1], [0, 0, 0]));

    /// <summary>√(1 − normalised HU), which is not a number in bone and all that is brighter than the window; well on an empty frame.</summary>
    public static byte[] NotANumberInBone() => Model(
        [Node("Conv", [Input, "weights", "bias"], "below"), Node("Sqrt", ["below"], Output)],
        Tensor("weights", [3, 1, 1, 1], [-1, -1, -1]),
        Tensor("bias", [3], [1, 1, 1]));

    /// <summary>weight · normalised HU + bias in every channel, as it is.</summary>
    public static byte[] Linear(float weight, float bias) => Model(
        [Node("Conv", [Input, "weights", "bias"], Output)],
        Tensor("weights", [3, 1, 1, 1], [weight, weight, weight]),
        Tensor("bias", [3], [bias, bias, bias]));

    /// <summary>One channel where there should be three.</summary>
    public static byte[] OneChannel() => Pointwise(Never);

    /// <summary>[1, 1, n, inner] times a constant matrix of inner × columns.</summary>
    public static byte[] MatrixProduct(int inner, int columns) => Model(
        [Node("MatMul", [Input, "matrix"], Output)],
        Tensor("matrix", [inner, columns], [.. Enumerable.Range(0, inner * columns).Select(i => (i % 7) - 3f)]));

    /// <summary>Asks for 1.6 PB as soon as it runs: over what a process can address, so that no kernel grants it and regrets it later.</summary>
    public static byte[] Huge() => Model(
        [Node("ReduceMean", [Input], "mean"), Node("Expand", ["mean", "shape"], "much"), Node("ReduceMean", ["much"], "less"), Node("Mul", [Input, "less"], Output)],
        Int64Tensor("shape", 1, 1, 20_000_000, 20_000_000));

    public static ModelManifest Manifest(byte[] network) => new()
    {
        SchemaVersion = 1,
        Id = "tiny",
        Version = "1",
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(network)),
        Input = new ModelInput(Input, FullSize: 32, SizeMultiple: 8, SpacingMm: 1, HuNormalisation.Default),
        Output = new ModelOutput(Output, ["ICH", "EDH", "SDH"], [0.5f, 0.5f, 0.5f]),
        MinimumLesionVolumeMl = 0,
        TrainingRange = new TrainingRange(new Interval(0.5, 10), new Interval(0.1, 5), new Interval(0, 30)),
        Card = new ModelCard("a threshold", "none", "none", new Dictionary<string, double>(), "tests", "all", "MIT"),
    };

    public static LoadedModel Load(byte[] network, Func<ModelManifest, ModelManifest>? change = null, EngineOptions? options = null)
    {
        var manifest = Manifest(network);
        return LoadedModel.Load(change?.Invoke(manifest) ?? manifest, network, options ?? new EngineOptions { Threads = 1 }).Value;
    }

    private static byte[] Model(byte[][] nodes, params byte[][] tensors) => Join(
        Number(1, 8),
        Bytes(7, Join(
            [.. nodes.Select(node => Bytes(1, node)),
            Text(2, "tiny"),
            .. tensors.Select(tensor => Bytes(5, tensor)),
            Bytes(11, Value(Input, "n", "1", "h", "w")),
            Bytes(12, Value(Output, "n", "c", "h", "w"))])),
        Bytes(8, Number(2, 13)));

    private static byte[] Node(string op, string[] inputs, string output, params byte[][] attributes) => Join(
        [.. inputs.Select(input => Text(1, input)), Text(2, output), Text(4, op), .. attributes.Select(attribute => Bytes(5, attribute))]);

    private static byte[] Ints(string name, params int[] values) =>
        Join([Text(1, name), .. values.Select(value => Number(8, value)), Number(20, 7)]);

    private static byte[] Tensor(string name, int[] dimensions, float[] values)
    {
        var raw = new byte[4 * values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(4 * i), values[i]);
        }

        return Join([.. dimensions.Select(d => Number(1, d)), Number(2, Float), Text(8, name), Bytes(9, raw)]);
    }

    private static byte[] Int64Tensor(string name, params long[] values) =>
        Join([Number(1, values.Length), Number(2, 7), .. values.Select(value => Number(7, value)), Text(8, name)]);

    private static byte[] Value(string name, params string[] dimensions) => Join(
        Text(1, name),
        Bytes(2, Bytes(1, Join(
            Number(1, Float),
            Bytes(2, Join([.. dimensions.Select(d => Bytes(1, int.TryParse(d, out var size) ? Number(1, size) : Text(2, d)))]))))));

    private static byte[] Number(int field, long value) => [.. Varint((ulong)field << 3), .. Varint((ulong)value)];

    private static byte[] Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    private static byte[] Bytes(int field, byte[] value) => [.. Varint(((ulong)field << 3) | 2), .. Varint((ulong)value.Length), .. value];

    private static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    private static IEnumerable<byte> Varint(ulong value)
    {
        for (; value > 127; value >>= 7)
        {
            yield return (byte)(value | 128);
        }

        yield return (byte)value;
    }
}
