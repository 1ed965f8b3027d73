using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace HemoApi.Storage.Migrations.Sqlite
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

            migrationBuilder.CreateIndex(
                name: "ix_results_analytics",
                table: "results",
                columns: new[] { "tenant_id", "status", "received_at", "job_id", "received_month", "site", "model_id", "model_version", "model_sha256", "ich_ml", "edh_ml", "sdh_ml", "total_ml", "study_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_results_analytics",
                table: "results");

            migrationBuilder.CreateIndex(
                name: "ix_results_analytics",
                table: "results",
                columns: new[] { "tenant_id", "status", "received_at", "job_id", "received_month", "site", "model_id", "model_version", "model_sha256", "ich_ml", "edh_ml", "sdh_ml", "total_ml" });
        }
    }
}
