namespace HemoApi.Training.Commands;

/// <summary>What a command says of a run that did not come to its end.</summary>
internal static class LongRun
{
    /// <param name="stopped">What to say where the user stopped it.</param>
    /// <returns>The exit code.</returns>
    public static int Of(string stopped, Func<int> run, CancellationToken cancellation)
    {
        try
        {
            return run();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Console.Error.WriteLine(stopped);
            return 1;
        }
        catch (InvalidDataException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }
}
