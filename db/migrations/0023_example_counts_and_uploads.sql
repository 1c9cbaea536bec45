CREATE TABLE "example_counts" (
	"datanet_id" text NOT NULL,
	"status" text NOT NULL,
	"contributor" char(42) NOT NULL,
	"rows" integer NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	CONSTRAINT "example_counts_datanet_id_status_contributor_pk" PRIMARY KEY("datanet_id","status","contributor")
);
--> statement-breakpoint
CREATE TABLE "uploads" (
	"id" text PRIMARY KEY NOT NULL,
	"datanet_id" text NOT NULL,
	"contributor" char(42) NOT NULL,
	"file_name" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"received_bytes" bigint NOT NULL,
	"idempotency_key" text NOT NULL,
	"status" text NOT NULL,
	"failure" text,
	"mapping" jsonb NOT NULL,
	"contribution_id" text,
	"read_bytes" bigint NOT NULL,
	"read_lines" integer NOT NULL,
	"counts" jsonb NOT NULL,
	"faults" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "example_counts" ADD CONSTRAINT "example_counts_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_contribution_id_contributions_id_fk" FOREIGN KEY ("contribution_id") REFERENCES "public"."contributions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "uploads_idempotency" ON "uploads" USING btree ("contributor","datanet_id","idempotency_key");--> statement-breakpoint
CREATE INDEX "uploads_status" ON "uploads" USING btree ("status","changed_at");