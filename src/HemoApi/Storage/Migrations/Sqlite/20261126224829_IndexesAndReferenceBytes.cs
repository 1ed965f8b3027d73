using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace HemoApi.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class IndexesAndReferenceBytes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_jobs_status_priority_queued_at",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_status_tenant_id_priority_queued_at",
                table: "jobs");

            migrationBuilder.AddColumn<long>(
                name: "bytes",
                table: "references",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateIndex(
                name: "ix_jobs_status_tenant_id_priority_queued_at_id",
                table: "jobs",
                columns: new[] { "status", "tenant_id", "priority", "queued_at", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_jobs_status_tenant_id_priority_queued_at_id",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "bytes",
                table: "references");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_status_priority_queued_at",
                table: "jobs",
                columns: new[] { "status", "priority", "queued_at" });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_status_tenant_id_priority_queued_at",
                table: "jobs",
                columns: new[] { "status", "tenant_id", "priority", "queued_at" });
        }
    }
}
