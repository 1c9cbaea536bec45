CREATE TABLE "fine_tuning_jobs" (
	"id" text PRIMARY KEY NOT NULL,
	"owner" char(42) NOT NULL,
	"file_id" text NOT NULL,
	"run_id" text NOT NULL,
	"suffix" text,
	"hyperparameters" jsonb NOT NULL,
	"metadata" jsonb,
	"model_id" text,
	"cancelled_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "fine_tuning_jobs_run_id_unique" UNIQUE("run_id"),
	CONSTRAINT "fine_tuning_jobs_model_id_unique" UNIQUE("model_id")
);
--> statement-breakpoint
CREATE TABLE "training_files" (
	"id" text PRIMARY KEY NOT NULL,
	"owner" char(42) NOT NULL,
	"filename" text NOT NULL,
	"size_bytes" integer NOT NULL,
	"sha256" char(66) NOT NULL,
	"object_key" text NOT NULL,
	"row_count" integer NOT NULL,
	"version_id" text,
	"created_at" timestamp with time zone NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "scopes" text[] DEFAULT '{ask,train,data}' NOT NULL;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "expires_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "fine_tuning_jobs" ADD CONSTRAINT "fine_tuning_jobs_file_id_training_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."training_files"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fine_tuning_jobs" ADD CONSTRAINT "fine_tuning_jobs_run_id_training_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."training_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fine_tuning_jobs" ADD CONSTRAINT "fine_tuning_jobs_model_id_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."models"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_files" ADD CONSTRAINT "training_files_version_id_datanet_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."datanet_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "fine_tuning_jobs_owner" ON "fine_tuning_jobs" USING btree ("owner","id");--> statement-breakpoint
CREATE INDEX "training_files_owner" ON "training_files" USING btree ("owner","id");--> statement-breakpoint
CREATE INDEX "training_files_version" ON "training_files" USING btree ("version_id");--> statement-breakpoint
CREATE INDEX "inferences_caller" ON "inferences" USING btree ("caller_key","created_at");