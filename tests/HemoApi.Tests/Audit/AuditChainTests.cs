using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using HemoApi.Audit;
using HemoApi.Commands;
using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HemoApi.Tests.Audit;

/// <summary>The chain of hashes, without the service around it.</summary>
public sealed class AuditChainTests : IAsyncLifetime
{
    private ServiceFolder _folder = null!;
    private HemoDatabase _database = null!;
    private AuditTrail _trail = null!;
    private Tenant _tenant = null!;

    public async ValueTask InitializeAsync()
    {
        _folder = await ServiceFolder.Create(TestModel.Fast());
        (_database, _trail) = Open();
        await using var db = _database.OpenAsSystem();
        _tenant = await db.Tenants.SingleAsync();
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_untouched_chain_is_sound_and_its_hash_is_what_the_described_encoding_gives()
    {
        await Write(3);
        var verdict = await Verdict();
        Assert.Equal((3, null), (verdict.Entries, verdict.BrokenAt));

        // Written down a second time, from the description alone.
        await using var db = _database.OpenAsSystem();
        var hash = new byte[32];
        await foreach (var e in db.AuditEntries.OrderBy(e => e.Sequence).AsAsyncEnumerable())
        {
            var bytes = new List<byte>(hash);
            void Number(long n) => bytes.AddRange(BitConverter.GetBytes(n).Reverse());
            void Text(string? t)
            {
                bytes.AddRange(BitConverter.GetBytes(t is null ? -1 : Encoding.UTF8.GetByteCount(t)).Reverse());
                bytes.AddRange(Encoding.UTF8.GetBytes(t ?? ""));
            }

            Text(e.TenantId.ToString());
            Number(e.Sequence);
            Number(e.At.UtcTicks);
            Text(e.Caller);
            Text(e.Action);
            Number(e.Status ?? -1);
            Text(e.StudyId?.ToString());
            Text(e.Subject);
            Text(e.Detail);
            Text(e.Address);
            hash = SHA256.HashData(bytes.ToArray());
            Assert.Equal(hash, e.Hash);
        }

        Assert.Equal(Convert.ToHexStringLower(hash), verdict.Hash);
    }

    [Theory]
    [InlineData("UPDATE audit_entries SET caller = 'key:other' WHERE sequence = 3", 3)]
    [InlineData("UPDATE audit_entries SET status = 404 WHERE sequence = 1", 1)]
    [InlineData("UPDATE audit_entries SET study_id = NULL WHERE sequence = 5", 5)]
    [InlineData("UPDATE audit_entries SET address = '10.0.0.1' WHERE sequence = 2", 2)]
    [InlineData("DELETE FROM audit_entries WHERE sequence = 4", 4)]
    [InlineData("DELETE FROM audit_entries WHERE sequence = 5", 5)]
    [InlineData("DELETE FROM audit_entries WHERE sequence = 1", 1)]
    [InlineData("UPDATE audit_entries SET hash = previous_hash WHERE sequence = 2", 2)]
    [InlineData("UPDATE audit_heads SET sequence = 7", 6)]
    public async Task A_chain_that_was_changed_is_broken_at_the_first_changed_entry_and_the_command_says_so(string change, long brokenAt)
    {
        await Write(5);
        await using var db = _database.OpenAsSystem();
        await db.Database.ExecuteSqlRawAsync(DropTriggers);
        await db.Database.ExecuteSqlRawAsync(change);

        Assert.Equal(brokenAt, (await Verdict()).BrokenAt);
        var output = new StringWriter();
        Assert.Equal(1, await AuditCommand.Verify(db, null, output, default));
        Assert.Contains($"BROKEN at entry {brokenAt}:", output.ToString());
        Assert.Contains("(no tenant): 0 entries, sound", output.ToString());
    }

    [Theory]
    [InlineData("UPDATE audit_entries SET caller = 'key:other'")]
    [InlineData("DELETE FROM audit_entries")]
    public async Task The_database_refuses_to_change_or_delete_entries(string change)
    {
        await Write(2);
        await using var db = _database.OpenAsSystem();
        var refusal = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Database.ExecuteSqlRawAsync(change));
        Assert.Contains("append-only", refusal.Message);
        Assert.Equal((2, null), ((await Verdict()).Entries, (await Verdict()).BrokenAt));
    }

    [Fact]
    public async Task Writers_on_connections_of_their_own_make_one_chain_for_each_tenant_without_gaps()
    {
        var other = Guid.CreateVersion7();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            var (database, trail) = Open();
            using (database)
            {
                for (var i = 0; i < 20; i++)
                {
                    await trail.Append(new AuditRecord(writer % 2 == 0 ? _tenant.Id : other, $"key:{writer}", "study.read") { Subject = $"{i}" }, default);
                }
            }
        }));

        await using var db = _database.OpenAsSystem();
        foreach (var tenant in (Guid[])[_tenant.Id, other])
        {
            var verdict = await AuditVerifier.Verify(db, tenant, default);
            Assert.Equal((80, null), (verdict.Entries, verdict.BrokenAt));
            var writers = await db.AuditEntries.Where(e => e.TenantId == tenant).OrderBy(e => e.Sequence).ToListAsync();
            Assert.All(writers.GroupBy(e => e.Caller), w => Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), w.Select(e => e.Subject)));
        }
    }

    [Fact]
    public async Task Processes_that_write_at_once_make_one_chain_and_verify_ends_with_0()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Command("keys", "create", "--scopes", "studies:read", "--name", $"viewer {i}")));
        var verdict = await Verdict();
        Assert.Equal((4, null), (verdict.Entries, verdict.BrokenAt));
        Assert.Contains($"default: 4 entries, sound, hash {verdict.Hash}", await Command("audit", "verify"));
    }

    private static string DropTriggers => TestStorage.IsPostgres
        ? AuditTriggers.DropPostgres
        : "DROP TRIGGER audit_entries_no_update; DROP TRIGGER audit_entries_no_delete;";

    private (HemoDatabase Database, AuditTrail Trail) Open()
    {
        var database = new HemoDatabase(
            Options.Create(new StorageOptions { DataFolder = _folder.Path, Postgres = TestStorage.ConnectionString(_folder.Path) }), NullLoggerFactory.Instance);
        return (database, new AuditTrail(database, new StoredTime()));
    }

    private async Task Write(int entries)
    {
        for (var i = 0; i < entries; i++)
        {
            await _trail.Append(
                new AuditRecord(_tenant.Id, "key:5f0c9a1be27d4836", "results.read") { Status = 200, StudyId = Guid.CreateVersion7(), Detail = "Größe", Address = "192.0.2.17" }, default);
        }
    }

    private async Task<AuditVerdict> Verdict()
    {
        await using var db = _database.OpenAsSystem();
        return await AuditVerifier.Verify(db, _tenant.Id, default);
    }

    private async Task<string> Command(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach([Path.Combine(AppContext.BaseDirectory, "HemoApi.dll"), .. arguments], start.ArgumentList.Add);
        foreach (var setting in TestStorage.Settings(_folder.Path))
        {
            var parts = setting[2..].Split('=', 2);
            start.Environment[parts[0].Replace(":", "__", StringComparison.Ordinal)] = parts[1];
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return output;
    }
}
