using System.CommandLine;
using HemoApi.Training.Commands;

var root = new RootCommand("Trains the network of HemoApi and exports it for the service.")
{
    TrainCommand.Create(),
    ExportCommand.Create(),
    EvaluateCommand.Create(),
    CurvesCommand.Create(),
    FindingsCommand.Create(),
    QuantiseCommand.Create(),
    SamplesCommand.Create(),
    MeanCommand.Create(),
};
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(2) };
return await root.Parse(args).InvokeAsync(configuration);
