ALTER TABLE "training_bills" ALTER COLUMN "tokens" SET DEFAULT 0;--> statement-breakpoint
ALTER TABLE "training_bills" ADD COLUMN "expected_tokens" bigint NOT NULL;