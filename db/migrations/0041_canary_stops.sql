ALTER TABLE "model_routes" ALTER COLUMN "set_by" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "model_routes" ADD COLUMN "reason" text;