CREATE TABLE "training_bills" (
	"id" text PRIMARY KEY NOT NULL,
	"run_id" text NOT NULL,
	"payer" char(42) NOT NULL,
	"channel_id" char(66),
	"api_key_id" text,
	"status" text NOT NULL,
	"outcome" text,
	"wei_per_thousand_tokens" numeric(78, 0) NOT NULL,
	"tokens" bigint NOT NULL,
	"free_tokens" bigint NOT NULL,
	"ceiling_wei" numeric(78, 0) NOT NULL,
	"fee_wei" numeric(78, 0) NOT NULL,
	"receipt_id" text,
	"created_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	CONSTRAINT "training_bills_receipt_id_unique" UNIQUE("receipt_id")
);
--> statement-breakpoint
ALTER TABLE "receipts" ALTER COLUMN "inference_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "receipts" ALTER COLUMN "model_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "reward_lines" ALTER COLUMN "model_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "training_bills" ADD CONSTRAINT "training_bills_run_id_training_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."training_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_bills" ADD CONSTRAINT "training_bills_receipt_id_receipts_id_fk" FOREIGN KEY ("receipt_id") REFERENCES "public"."receipts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "training_bills_open" ON "training_bills" USING btree ("run_id") WHERE "training_bills"."status" = 'held';--> statement-breakpoint
CREATE INDEX "training_bills_run" ON "training_bills" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "training_bills_payer" ON "training_bills" USING btree ("payer","created_at");--> statement-breakpoint
CREATE INDEX "training_bills_channel" ON "training_bills" USING btree ("channel_id");--> statement-breakpoint
CREATE INDEX "training_bills_unsigned" ON "training_bills" USING btree ("settled_at") WHERE "training_bills"."receipt_id" is null and "training_bills"."fee_wei" > 0;