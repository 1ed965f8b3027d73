using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace HemoApi.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class ShadowRuns : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "shadow_runs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    study_id = table.Column<Guid>(type: "uuid", nullable: false),
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    model_id = table.Column<string>(type: "text", nullable: false),
                    model_version = table.Column<string>(type: "text", nullable: false),
                    model_sha256 = table.Column<string>(type: "text", nullable: false),
                    volumes = table.Column<string>(type: "text", nullable: false),
                    different_ml = table.Column<double>(type: "double precision", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    progress = table.Column<double>(type: "double precision", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    starts_without_end = table.Column<int>(type: "integer", nullable: false),
                    error_code = table.Column<string>(type: "text", nullable: true),
                    error_detail = table.Column<string>(type: "text", nullable: true),
                    error_remedy = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    queue_ticket = table.Column<string>(type: "text", nullable: true),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_shadow_runs", x => x.id);
                    table.ForeignKey(
                        name: "fk_shadow_runs_studies_study_id",
                        column: x => x.study_id,
                        principalTable: "studies",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_shadow_runs_job_id_model_id",
                table: "shadow_runs",
                columns: new[] { "job_id", "model_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_shadow_runs_status_created_at",
                table: "shadow_runs",
                columns: new[] { "status", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_shadow_runs_study_id",
                table: "shadow_runs",
                column: "study_id");

            migrationBuilder.CreateIndex(
                name: "ix_shadow_runs_tenant_id_status_different_ml_id",
                table: "shadow_runs",
                columns: new[] { "tenant_id", "status", "different_ml", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "shadow_runs");
        }
    }
}
