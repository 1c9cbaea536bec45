DROP INDEX "receipts_period";--> statement-breakpoint
CREATE INDEX "receipts_open" ON "receipts" USING btree ("created_at","id") WHERE "receipts"."reward_period_id" is null;--> statement-breakpoint
CREATE INDEX "receipts_period" ON "receipts" USING btree ("reward_period_id","id");