using System.Text.Json;
using System.Text.Json.Serialization;
using HemoApi.Hosting;

namespace HemoApi.Evaluations;

/// <summary>JSON of results: as everywhere, and null for what is not finite, such as the threshold above every score of a ROC curve.</summary>
public static class EvaluationJson
{
    public static JsonSerializerOptions Options { get; } = new(Json.Options) { Converters = { new FiniteNumbers() } };

    private sealed class FiniteNumbers : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
