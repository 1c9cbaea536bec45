CREATE TABLE "version_freezes" (
	"id" text PRIMARY KEY NOT NULL,
	"datanet_id" text NOT NULL,
	"requested_by" char(42) NOT NULL,
	"status" text NOT NULL,
	"rows_done" integer DEFAULT 0 NOT NULL,
	"version_id" text,
	"failure" text,
	"created_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "version_freezes" ADD CONSTRAINT "version_freezes_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "version_freezes" ADD CONSTRAINT "version_freezes_version_id_datanet_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."datanet_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "version_freezes_open" ON "version_freezes" USING btree ("datanet_id") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "version_freezes_datanet" ON "version_freezes" USING btree ("datanet_id","id");