CREATE TABLE "adapter_audits" (
	"id" text PRIMARY KEY NOT NULL,
	"adapter_id" text NOT NULL,
	"kind" text NOT NULL,
	"trigger" text NOT NULL,
	"requested_by" char(42),
	"status" text NOT NULL,
	"subsets" integer NOT NULL,
	"done" integer DEFAULT 0 NOT NULL,
	"total" integer NOT NULL,
	"cpu_ms" bigint DEFAULT 0 NOT NULL,
	"cpu_budget_ms" bigint NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"document_sha256" char(66),
	"alpha_ppm" integer,
	"reasons" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"error" text,
	"lease_owner" text,
	"lease_until" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "adapter_certificates" (
	"adapter_id" text PRIMARY KEY NOT NULL,
	"status" text NOT NULL,
	"alpha_ppm" integer NOT NULL,
	"sha256" char(66),
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "adapter_audits" ADD CONSTRAINT "adapter_audits_adapter_id_adapters_id_fk" FOREIGN KEY ("adapter_id") REFERENCES "public"."adapters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "adapter_certificates" ADD CONSTRAINT "adapter_certificates_adapter_id_adapters_id_fk" FOREIGN KEY ("adapter_id") REFERENCES "public"."adapters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "adapter_audits_adapter" ON "adapter_audits" USING btree ("adapter_id","created_at");--> statement-breakpoint
CREATE INDEX "adapter_audits_status" ON "adapter_audits" USING btree ("status");--> statement-breakpoint
CREATE UNIQUE INDEX "adapter_audits_open" ON "adapter_audits" USING btree ("adapter_id") WHERE "adapter_audits"."status" in ('queued', 'running');