using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace HemoApi.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ResultModelAndAnalyticsIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "site",
                table: "studies",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "model_id",
                table: "results",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "model_sha256",
                table: "results",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "model_version",
                table: "results",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<long>(
                name: "received_at",
                table: "results",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "received_month",
                table: "results",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "site",
                table: "results",
                type: "TEXT",
                nullable: true);

            // Rows that exist already: the time from their study. .NET ticks to seconds since 1970 for SQLite's calendar. Their model is read from their
            // documents when the service starts (ResultModelFill).
            migrationBuilder.Sql(
                """
                UPDATE results SET received_at = (SELECT created_at FROM studies WHERE studies.id = results.study_id)
                WHERE study_id IN (SELECT id FROM studies);
                UPDATE results SET received_month = CAST(strftime('%Y%m', received_at / 10000000 - 62135596800, 'unixepoch') AS INTEGER)
                WHERE received_at > 0;
                """);

            migrationBuilder.CreateIndex(
                name: "ix_results_analytics",
                table: "results",
                columns: new[] { "tenant_id", "status", "received_at", "job_id", "received_month", "site", "model_id", "model_version", "model_sha256", "ich_ml", "edh_ml", "sdh_ml", "total_ml" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_results_analytics",
                table: "results");

            migrationBuilder.DropColumn(
                name: "site",
                table: "studies");

            migrationBuilder.DropColumn(
                name: "model_id",
                table: "results");

            migrationBuilder.DropColumn(
                name: "model_sha256",
                table: "results");

            migrationBuilder.DropColumn(
                name: "model_version",
                table: "results");

            migrationBuilder.DropColumn(
                name: "received_at",
                table: "results");

            migrationBuilder.DropColumn(
                name: "received_month",
                table: "results");

            migrationBuilder.DropColumn(
                name: "site",
                table: "results");
        }
    }
}
