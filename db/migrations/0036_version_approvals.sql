CREATE TABLE "version_approvals" (
	"version_id" text NOT NULL,
	"batch" text NOT NULL,
	"curator" char(42) NOT NULL,
	"signature" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "version_approvals_version_id_batch_curator_pk" PRIMARY KEY("version_id","batch","curator")
);
--> statement-breakpoint
ALTER TABLE "version_approvals" ADD CONSTRAINT "version_approvals_version_id_datanet_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."datanet_versions"("id") ON DELETE no action ON UPDATE no action;