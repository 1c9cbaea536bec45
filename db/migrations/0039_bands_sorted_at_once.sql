DROP INDEX "row_checks_bands";--> statement-breakpoint
CREATE INDEX "row_checks_bands" ON "row_checks" USING gin ("bands") WITH (fastupdate=false);