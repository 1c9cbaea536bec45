CREATE TABLE "reward_datanet_fees" (
	"period_id" text NOT NULL,
	"datanet" text NOT NULL,
	"cumulative_wei" numeric(78, 0) NOT NULL,
	CONSTRAINT "reward_datanet_fees_period_id_datanet_pk" PRIMARY KEY("period_id","datanet")
);
--> statement-breakpoint
ALTER TABLE "reward_datanet_fees" ADD CONSTRAINT "reward_datanet_fees_period_id_reward_periods_id_fk" FOREIGN KEY ("period_id") REFERENCES "public"."reward_periods"("id") ON DELETE cascade ON UPDATE no action;