using System.Text.Json;
using HemoApi.Imaging.Tests;

namespace HemoApi.Tests;

/// <summary>Reads Parquet by hyparquet, which shares no code with the library that writes it; `.ci/hyparquet` installs it.</summary>
internal static class OtherParquetReader
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("HEMOAPI_HYPARQUET");

    /// <summary>Every row, cells by the names of their columns; times as ISO 8601 to the millisecond. Skips the running test where it is not installed.</summary>
    public static List<Dictionary<string, JsonElement>> Rows(byte[] file)
    {
        Assert.SkipWhen(string.IsNullOrEmpty(Folder), "HEMOAPI_HYPARQUET names no Parquet reader: run .ci/hyparquet");
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["table.parquet"], file);
        var json = ExternalTools.Run(
            "node",
            "--input-type=module",
            "-e",
            """
            const [folder, path] = process.argv.slice(1);
            const { parquetReadObjects, asyncBufferFromFile } = await import(`${folder}/src/node.js`);
            console.log(JSON.stringify(await parquetReadObjects({ file: await asyncBufferFromFile(path) }), (_, v) => typeof v === 'bigint' ? Number(v) : v));
            """,
            Folder!,
            folder["table.parquet"]);
        return JsonSerializer.Deserialize<List<Dictionary<string, JsonElement>>>(json)!;
    }

    /// <summary>A cell as the CSV of the same table has it.</summary>
    public static string Text(this JsonElement cell) => cell.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.Number => cell.GetDouble().ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        _ => cell.GetString()!,
    };
}
