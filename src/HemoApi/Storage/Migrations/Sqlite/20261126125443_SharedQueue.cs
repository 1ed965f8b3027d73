using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace HemoApi.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class SharedQueue : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "queue_ticket",
                table: "jobs",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "seen_at",
                table: "jobs",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "queue_ticket",
                table: "evaluations",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "seen_at",
                table: "evaluations",
                type: "INTEGER",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "queue_ticket",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "seen_at",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "queue_ticket",
                table: "evaluations");

            migrationBuilder.DropColumn(
                name: "seen_at",
                table: "evaluations");
        }
    }
}
