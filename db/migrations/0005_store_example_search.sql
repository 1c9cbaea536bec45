DROP INDEX "examples_text";--> statement-breakpoint
ALTER TABLE "examples" ADD COLUMN "search" "tsvector" GENERATED ALWAYS AS (to_tsvector('simple', "examples"."data")) STORED NOT NULL;--> statement-breakpoint
CREATE INDEX "examples_search" ON "examples" USING gin ("search");