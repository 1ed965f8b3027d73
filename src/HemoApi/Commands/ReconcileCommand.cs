using System.CommandLine;
using HemoApi.Hosting;
using HemoApi.Housekeeping;

namespace HemoApi.Commands;

/// <summary><c>HemoApi reconcile [--fix]</c>.</summary>
public static class ReconcileCommand
{
    public static Command Create()
    {
        var fix = new Option<bool>("--fix") { Description = "Delete files that no row knows, and mark work as failed whose files are gone; left out: only say what there is." };
        var command = new Command("reconcile", "Find files without rows and rows without files, older than Reconciler:Grace.") { fix };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var host = await CommandServices.Open(cancellationToken);
            return await Run(host.Services.GetRequiredService<ReconcileJob>(), result.GetValue(fix), Console.Out, cancellationToken);
        });
        return command;
    }

    /// <returns>0 where everything is in order, or was put in order; else 1.</returns>
    public static async Task<int> Run(ReconcileJob job, bool fix, TextWriter output, CancellationToken cancellationToken)
    {
        var (found, left) = (0, 0);
        await foreach (var orphan in job.Find(fix, cancellationToken))
        {
            found++;
            left += orphan.Fixed ? 0 : 1;
            await output.WriteLineAsync($"{orphan.Kind}  {orphan.Id}  {(orphan.Fixed ? "put in order" : "left as it is")}");
        }

        await output.WriteLineAsync($"{found} found, {found - left} put in order");
        return left == 0 ? 0 : 1;
    }
}
