using System.CommandLine;
using System.Globalization;
using HemoApi.PaperCohort;

// The evaluation of Xu et al. 2021 once more, on phantoms: same cohort, same tables.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var scale = new Option<double>("--scale") { Description = "Share of the paper's cohort, above 0 to 1; each group has at least three studies.", DefaultValueFactory = _ => 1 };
scale.Validators.Add(result =>
{
    if (result.GetValueOrDefault<double>() is not (> 0 and <= 1))
    {
        result.AddError("--scale must be above 0, and at most 1.");
    }
});
var output = new Option<DirectoryInfo>("--output") { Description = "Folder for the report; made where it is missing.", DefaultValueFactory = _ => new("var/paper-cohort") };
var models = new Option<string>("--models") { Description = "Folder of the model that measures: models-int8, models, or the path of another.", DefaultValueFactory = _ => "models-int8" };
var command = new RootCommand("Makes a cohort of phantom studies with three simulated readers, uploads and evaluates it, and writes the tables of Xu et al. 2021 with both numbers.") { scale, output, models };
command.SetAction((result, cancellation) => CohortRun.Run(result.GetValue(scale), result.GetValue(output)!.FullName, result.GetValue(models)!, cancellation));
return await command.Parse(args).InvokeAsync();
