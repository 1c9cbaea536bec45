CREATE TABLE "receipt_challenges" (
	"id" text PRIMARY KEY NOT NULL,
	"receipt_id" text NOT NULL,
	"challenger" char(42) NOT NULL,
	"status" text NOT NULL,
	"step" text,
	"detail" text,
	"steps" jsonb,
	"created_at" timestamp with time zone NOT NULL,
	"decided_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "receipt_challenges" ADD CONSTRAINT "receipt_challenges_receipt_id_receipts_id_fk" FOREIGN KEY ("receipt_id") REFERENCES "public"."receipts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "receipt_challenges_open" ON "receipt_challenges" USING btree ("receipt_id") WHERE status = 'queued';--> statement-breakpoint
CREATE INDEX "receipt_challenges_receipt" ON "receipt_challenges" USING btree ("receipt_id","created_at");--> statement-breakpoint
CREATE INDEX "receipt_challenges_challenger" ON "receipt_challenges" USING btree ("challenger","created_at");--> statement-breakpoint
CREATE INDEX "receipt_challenges_status" ON "receipt_challenges" USING btree ("status");