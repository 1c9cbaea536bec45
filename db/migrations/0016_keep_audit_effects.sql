ALTER TABLE "adapter_audits" ALTER COLUMN "subsets" SET DEFAULT 0;--> statement-breakpoint
ALTER TABLE "adapter_audits" ALTER COLUMN "total" SET DEFAULT 0;--> statement-breakpoint
ALTER TABLE "adapter_audits" ADD COLUMN "effects" jsonb DEFAULT '{}'::jsonb NOT NULL;