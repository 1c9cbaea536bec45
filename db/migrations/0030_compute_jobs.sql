CREATE TABLE "compute_jobs" (
	"id" text PRIMARY KEY NOT NULL,
	"datanet_id" text NOT NULL,
	"version_id" text NOT NULL,
	"requested_by" char(42) NOT NULL,
	"purpose" text NOT NULL,
	"base_model" text NOT NULL,
	"recipe" jsonb NOT NULL,
	"recipe_hash" char(66) NOT NULL,
	"idempotency_key" text NOT NULL,
	"status" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"lease" text,
	"lease_until" timestamp with time zone,
	"adapter_key" text,
	"adapter_sha256" char(66),
	"aggregates" jsonb,
	"error" text,
	"created_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "compute_recipes" (
	"datanet_id" text NOT NULL,
	"recipe_hash" char(66) NOT NULL,
	"decision" text NOT NULL,
	"reason" text,
	"decided_by" char(42) NOT NULL,
	"decided_at" timestamp with time zone NOT NULL,
	CONSTRAINT "compute_recipes_datanet_id_recipe_hash_pk" PRIMARY KEY("datanet_id","recipe_hash")
);
--> statement-breakpoint
ALTER TABLE "compute_jobs" ADD CONSTRAINT "compute_jobs_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "compute_jobs" ADD CONSTRAINT "compute_jobs_version_id_datanet_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."datanet_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "compute_recipes" ADD CONSTRAINT "compute_recipes_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "compute_jobs_idempotency" ON "compute_jobs" USING btree ("requested_by","idempotency_key");--> statement-breakpoint
CREATE INDEX "compute_jobs_queue" ON "compute_jobs" USING btree ("datanet_id","status","id");