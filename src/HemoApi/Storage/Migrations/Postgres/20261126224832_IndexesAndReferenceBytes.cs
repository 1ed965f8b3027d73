using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace HemoApi.Storage.Migrations.Postgres
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
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateIndex(
                name: "ix_results_tenant_id_edh_ml",
                table: "results",
                columns: new[] { "tenant_id", "edh_ml" },
                filter: "edh_ml > 0")
                .Annotation("Npgsql:IndexInclude", new[] { "study_id", "status" });

            migrationBuilder.CreateIndex(
                name: "ix_results_tenant_id_ich_ml",
                table: "results",
                columns: new[] { "tenant_id", "ich_ml" },
                filter: "ich_ml > 0")
                .Annotation("Npgsql:IndexInclude", new[] { "study_id", "status" });

            migrationBuilder.CreateIndex(
                name: "ix_results_tenant_id_sdh_ml",
                table: "results",
                columns: new[] { "tenant_id", "sdh_ml" },
                filter: "sdh_ml > 0")
                .Annotation("Npgsql:IndexInclude", new[] { "study_id", "status" });

            migrationBuilder.CreateIndex(
                name: "ix_results_tenant_id_total_ml",
                table: "results",
                columns: new[] { "tenant_id", "total_ml" })
                .Annotation("Npgsql:IndexInclude", new[] { "study_id", "status" });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_status_tenant_id_priority_queued_at_id",
                table: "jobs",
                columns: new[] { "status", "tenant_id", "priority", "queued_at", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_results_tenant_id_edh_ml",
                table: "results");

            migrationBuilder.DropIndex(
                name: "ix_results_tenant_id_ich_ml",
                table: "results");

            migrationBuilder.DropIndex(
                name: "ix_results_tenant_id_sdh_ml",
                table: "results");

            migrationBuilder.DropIndex(
                name: "ix_results_tenant_id_total_ml",
                table: "results");

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
