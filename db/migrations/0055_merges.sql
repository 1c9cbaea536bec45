CREATE TABLE "merge_parents" (
	"run_id" text NOT NULL,
	"position" integer NOT NULL,
	"model_id" text NOT NULL,
	"adapter_id" text NOT NULL,
	"version_hash" char(66) NOT NULL,
	"weight_ppm" integer NOT NULL,
	CONSTRAINT "merge_parents_run_id_position_pk" PRIMARY KEY("run_id","position")
);
--> statement-breakpoint
ALTER TABLE "merge_parents" ADD CONSTRAINT "merge_parents_run_id_training_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."training_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "merge_parents" ADD CONSTRAINT "merge_parents_model_id_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."models"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "merge_parents" ADD CONSTRAINT "merge_parents_adapter_id_adapters_id_fk" FOREIGN KEY ("adapter_id") REFERENCES "public"."adapters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "merge_parents_model" ON "merge_parents" USING btree ("model_id");--> statement-breakpoint
CREATE INDEX "merge_parents_adapter" ON "merge_parents" USING btree ("adapter_id");