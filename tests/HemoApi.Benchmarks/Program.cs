using System.Globalization;
using HemoApi;
using HemoApi.Benchmarks;
using HemoApi.Benchmarks.Load;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Models;
using HemoApi.Storage;
using Microsoft.Extensions.DependencyInjection;

// Ratios are what count: times depend on the machine. Run it on a quiet one.
const int Runs = 5;

// Multiplications of the bundled network on a slice of 512 × 512; DenseUNetTests counts the same.
const double MultiplicationsOfFullSlice = 12_080_023_552;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["dicom"])
{
    DicomSpeed.Run();
    return 0;
}

if (args is ["load", .. var parts])
{
    return await LoadRun.Run(parts);
}

if (args is ["overload", .. var settings])
{
    return await Overload.Run(settings);
}

var folder = Directory.CreateTempSubdirectory("hemoapi-benchmark-").FullName;
try
{
    await using var app = HemoApi.Program.Build(["--urls=http://127.0.0.1:0", $"--Storage:DataFolder={folder}", "--Logging:LogLevel:Default=Warning"]);
    await app.StartAsync();
    using var zip = new MemoryStream();
    new PhantomStudy(7, HemorrhageTypes.All).WriteZip(zip);
    var study = zip.ToArray();
    var model = app.Services.GetRequiredService<ModelHost>().Registry.Find(null)!;
    var meter = new StepMeter();
    var steps = new PipelineSteps(model, app.Services.GetRequiredService<IBlobStore>(), meter);

    new PipelineSteps(model, app.Services.GetRequiredService<IBlobStore>(), new StepMeter()).Run(study);
    var region = steps.Run(study);
    for (var run = 1; run < Runs; run++)
    {
        steps.Run(study);
    }

    var ceiling = MachineCeiling.MatrixProductGflops(model.Options.Threads);
    var served = await ServedJob.Run(app, study);

    Console.WriteLine($"model {model.Manifest.Id} {model.Manifest.Version}, {model.Engine.Provider}, {model.Options.Threads} threads, {model.Options.SlicesPerBatch} slices a batch");
    Console.WriteLine($"phantom study: {PhantomStudy.SliceCount} slices, {study.Length / 1e6:F1} MB zipped; the network sees {region.SliceCount} slices of {region.Box.Width}×{region.Box.Height}");
    Console.WriteLine($"{"step",-12} {"seconds",9} {"allocated MB",14} {"of network",11}");
    var network = meter.Seconds(PipelineSteps.Network);
    foreach (var step in meter.Steps)
    {
        Console.WriteLine($"{step,-12} {meter.Seconds(step),9:F3} {meter.Megabytes(step),14:F1} {meter.Seconds(step) / network,11:P1}");
    }

    // Reading and decoding unzip for themselves; the line of its own only says how much of them that is.
    var total = meter.Steps.Where(s => s != PipelineSteps.Unzip).Sum(meter.Seconds);
    var gflops = 2 * MultiplicationsOfFullSlice * region.SliceCount * region.Box.Width * region.Box.Height / (512.0 * 512) / network / 1e9;
    Console.WriteLine($"total over network: {total / network:F3} (target: at most 1.25)");
    Console.WriteLine($"slices a second: {PhantomStudy.SliceCount / total:F1} of the study, {region.SliceCount / network:F1} through the network");
    Console.WriteLine($"network: {gflops:F0} GFLOP/s; matrix product here: {ceiling:F0} GFLOP/s; ratio {gflops / ceiling:P0} (target: at least 60 %)");
    Console.WriteLine($"served over HTTP: upload {served.UploadSeconds:F2} s; job {served.JobSeconds:F2} s, over its network time: {served.JobSeconds / served.NetworkSeconds:F3}");
}
finally
{
    Directory.Delete(folder, recursive: true);
}

return 0;
