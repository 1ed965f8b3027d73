using System.Data.Common;

namespace HemoApi.Tests.Analytics;

/// <summary>Very many results, written by the database itself: studies of one tenant, one a minute from June 2024 on, of which about three
/// tenths bleed of each type.</summary>
internal sealed record SeededResults(Guid TenantId, bool IsPostgres)
{
    public static DateTimeOffset First { get; } = new(2024, 6, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>When the study of this number was received.</summary>
    public static DateTimeOffset At(int number) => First.AddMinutes(number);

    public static string StudyInstanceUid(int number) => $"1.2.3.{number}";

    public static string PatientId(int number) => $"P{number}";

    /// <param name="from">The number of the first one.</param>
    /// <param name="withStudies">Without them nothing but the results' own table is filled, and foreign keys must be off.</param>
    public async Task Write(DbConnection connection, int from, int to, bool withStudies)
    {
        foreach (var sql in withStudies ? [Studies(from, to), Jobs(from, to), Results(from, to)] : new[] { Results(from, to) })
        {
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync();
        }
    }

    private string Studies(int from, int to) => $"""
        INSERT INTO studies (id, tenant_id, fingerprint, status, upload_bytes, study_instance_uid, patient_id, files, series, used_entries, created_at)
        SELECT {Id(9)}, {Tenant}, 'seeded ' || k, 'Stored', 1, '1.2.3.' || k, 'P' || k, '[]', '[]', '[]', {Time} FROM ({Numbers(from, to)}) AS numbers
        """;

    private string Jobs(int from, int to) => $$"""
        INSERT INTO jobs (id, tenant_id, study_id, status, priority, progress, attempts, starts_without_end, cancel_requested, stage_seconds, created_at, queued_at)
        SELECT {{Id(8)}}, {{Tenant}}, {{Id(9)}}, 'Succeeded', 0, 1, 1, 0, {{(IsPostgres ? "false" : "0")}}, '{}', {{Time}}, {{Time}} FROM ({{Numbers(from, to)}}) AS numbers
        """;

    private string Results(int from, int to) => $"""
        INSERT INTO results (job_id, tenant_id, study_id, status, ich_ml, edh_ml, sdh_ml, total_ml, mask_sha256, image_sha256, completed_at,
            received_at, received_month, site, model_id, model_version, model_sha256)
        SELECT {Id(8)}, {Tenant}, {Id(9)}, 'Complete', ich, edh, sdh, ich + edh + sdh, {RandomHash}, {RandomHash}, {Time}, {Time}, {Month},
            'site ' || (k * 31 % 12), CASE WHEN k < 600000 THEN 'dense-unet-phantom' ELSE 'hospital' END, '1',
            CASE WHEN k < 600000 THEN '{new string('0', 64)}' ELSE 'FF{new string('0', 62)}' END
        FROM (SELECT k,
            CASE WHEN k % 10 < 3 THEN (k * 7919 % 1500) / 10.0 + 0.05 ELSE 0 END AS ich,
            CASE WHEN k % 7 < 2 THEN (k * 104729 % 900) / 10.0 + 0.05 ELSE 0 END AS edh,
            CASE WHEN k % 11 < 3 THEN (k * 1299709 % 2000) / 10.0 + 0.05 ELSE 0 END AS sdh
            FROM ({Numbers(from, to)}) AS numbers) AS volumes
        """;

    private string Numbers(int from, int to) => IsPostgres
        ? $"SELECT generate_series({from}::bigint, {to - 1}) AS k"
        : $"WITH RECURSIVE counter(k) AS (SELECT {from} UNION ALL SELECT k + 1 FROM counter WHERE k < {to - 1}) SELECT k FROM counter";

    private string Tenant => IsPostgres ? $"'{TenantId}'::uuid" : $"'{TenantId.ToString().ToUpperInvariant()}'";

    private string Time => IsPostgres ? $"timestamptz '{First:u}' + k * interval '1 minute'" : $"{First.UtcTicks} + k * {TimeSpan.TicksPerMinute}";

    private string Month => IsPostgres
        ? $"to_char(({Time}) AT TIME ZONE 'UTC', 'YYYYMM')::int"
        : $"CAST(strftime('%Y%m', ({Time}) / {TimeSpan.TicksPerSecond} - 62135596800, 'unixepoch') AS INTEGER)";

    private string RandomHash => IsPostgres ? "md5(random()::text) || md5(random()::text)" : "hex(randomblob(32))";

    /// <param name="kind">Told apart by their fourth group: 8 for jobs, 9 for studies.</param>
    private string Id(int kind) => IsPostgres
        ? $"(lpad(to_hex(k), 8, '0') || '-0000-7000-{kind}000-' || lpad(to_hex(k), 12, '0'))::uuid"
        : $"printf('%08X-0000-7000-{kind}000-%012X', k, k)";
}
