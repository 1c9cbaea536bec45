CREATE TABLE "bounty_goals" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"author" char(42) NOT NULL,
	"datanet_id" text NOT NULL,
	"title" text NOT NULL,
	"goal" text NOT NULL,
	"source" jsonb,
	"goal_hash" char(66) NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "bounty_goals_goal_hash_unique" UNIQUE("goal_hash")
);
--> statement-breakpoint
ALTER TABLE "bounty_goals" ADD CONSTRAINT "bounty_goals_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bounty_goals_datanet" ON "bounty_goals" USING btree ("datanet_id","id");