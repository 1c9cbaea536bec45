CREATE TABLE "reward_row_pools" (
	"period_id" text NOT NULL,
	"model_id" text NOT NULL,
	"row_count" integer NOT NULL,
	"amount_wei" numeric(78, 0) NOT NULL,
	CONSTRAINT "reward_row_pools_period_id_model_id_pk" PRIMARY KEY("period_id","model_id")
);
--> statement-breakpoint
ALTER TABLE "reward_row_pools" ADD CONSTRAINT "reward_row_pools_period_id_reward_periods_id_fk" FOREIGN KEY ("period_id") REFERENCES "public"."reward_periods"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reward_row_pools" ADD CONSTRAINT "reward_row_pools_model_id_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."models"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reward_row_pools_model" ON "reward_row_pools" USING btree ("model_id");