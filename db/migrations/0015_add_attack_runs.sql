CREATE TABLE "attack_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"version_id" text NOT NULL,
	"attack" text NOT NULL,
	"seed" integer NOT NULL,
	"method" text NOT NULL,
	"base_model" text NOT NULL,
	"status" text NOT NULL,
	"progress" jsonb,
	"result" jsonb,
	"error_message" text,
	"requested_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "attack_runs" ADD CONSTRAINT "attack_runs_version_id_datanet_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."datanet_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "attack_runs_question" ON "attack_runs" USING btree ("version_id","attack","seed","method");--> statement-breakpoint
CREATE INDEX "attack_runs_status" ON "attack_runs" USING btree ("status","requested_at");--> statement-breakpoint
CREATE INDEX "attack_runs_ended" ON "attack_runs" USING btree ("ended_at");