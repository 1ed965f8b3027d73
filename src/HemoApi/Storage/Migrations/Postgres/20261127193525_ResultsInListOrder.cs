using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace HemoApi.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class ResultsInListOrder : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_results_analytics",
                table: "results");

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

            migrationBuilder.CreateIndex(
                name: "ix_results_analytics",
                table: "results",
                columns: new[] { "tenant_id", "status", "received_at", "job_id", "received_month", "site", "model_id", "model_version", "model_sha256", "ich_ml", "edh_ml", "sdh_ml", "total_ml", "study_id" });

            migrationBuilder.CreateIndex(
                name: "ix_results_tenant_id_edh_ml",
                table: "results",
                columns: new[] { "tenant_id", "edh_ml" },
                filter: "edh_ml > 0")
                .Annotation("Npgsql:IndexInclude", new[] { "study_id", "status", "received_at" });

            migrationBuilder.CreateIndex(
                name: "ix_results_tenant_id_ich_ml",
                table: "results",
                columns: new[] { "tenant_id", "ich_ml" },
                filter: "ich_ml > 0")
                .Annotation("Npgsql:IndexInclude", new[] { "study_id", "status", "received_at" });

            migrationBuilder.CreateIndex(
                name: "ix_results_tenant_id_sdh_ml",
                table: "results",
                columns: new[] { "tenant_id", "sdh_ml" },
                filter: "sdh_ml > 0")
                .Annotation("Npgsql:IndexInclude", new[] { "study_id", "status", "received_at" });

            migrationBuilder.CreateIndex(
                name: "ix_results_tenant_id_total_ml",
                table: "results",
                columns: new[] { "tenant_id", "total_ml" })
                .Annotation("Npgsql:IndexInclude", new[] { "study_id", "status", "received_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_results_analytics",
                table: "results");

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

            migrationBuilder.CreateIndex(
                name: "ix_results_analytics",
                table: "results",
                columns: new[] { "tenant_id", "status", "received_at", "job_id", "received_month", "site", "model_id", "model_version", "model_sha256", "ich_ml", "edh_ml", "sdh_ml", "total_ml" });

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
        }
    }
}
