ALTER TABLE "training_runs" ADD COLUMN "forked_from_run_id" text;--> statement-breakpoint
ALTER TABLE "training_runs" ADD COLUMN "forked_from_key" text;--> statement-breakpoint
ALTER TABLE "training_runs" ADD COLUMN "forked_from_step" integer;--> statement-breakpoint
ALTER TABLE "training_runs" ADD CONSTRAINT "training_runs_forked_from_run_id_training_runs_id_fk" FOREIGN KEY ("forked_from_run_id") REFERENCES "public"."training_runs"("id") ON DELETE no action ON UPDATE no action;