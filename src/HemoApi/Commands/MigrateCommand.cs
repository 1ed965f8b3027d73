using System.CommandLine;

namespace HemoApi.Commands;

/// <summary><c>HemoApi migrate</c>: brings the database to this version. The service does the same when it starts.</summary>
public static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "Bring the database to the schema of this version.");
        command.SetAction(async (_, cancellationToken) =>
        {
            using var host = await CommandServices.Open(cancellationToken);
            Console.WriteLine("The database is up to date.");
            return 0;
        });
        return command;
    }
}
