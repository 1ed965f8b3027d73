using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Storage;

/// <summary>Recognises that another request was faster with a value that must be unique.</summary>
public static class UniqueConflict
{
    private const string SqlStandard = "23505";
    private const int SqliteUniqueConstraint = 2067;

    public static bool IsUniqueConflict(this DbUpdateException exception) =>
        exception.InnerException is DbException { SqlState: SqlStandard } or SqliteException { SqliteExtendedErrorCode: SqliteUniqueConstraint };
}
