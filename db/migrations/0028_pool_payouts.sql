CREATE TABLE "pool_payouts" (
	"period_id" text PRIMARY KEY NOT NULL,
	"stakers_wei" numeric(78, 0) NOT NULL,
	"emission_wei" numeric(78, 0) NOT NULL,
	"refused" text,
	"paid_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "pool_payouts" ADD CONSTRAINT "pool_payouts_period_id_reward_periods_id_fk" FOREIGN KEY ("period_id") REFERENCES "public"."reward_periods"("id") ON DELETE cascade ON UPDATE no action;