CREATE TABLE "row_perplexities" (
	"example_id" text PRIMARY KEY NOT NULL,
	"datanet_id" text NOT NULL,
	"base_model" text NOT NULL,
	"tokens" integer NOT NULL,
	"milli_nats" integer NOT NULL,
	"verdict" text,
	"measured_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "row_perplexities" ADD CONSTRAINT "row_perplexities_example_id_examples_id_fk" FOREIGN KEY ("example_id") REFERENCES "public"."examples"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "row_perplexities" ADD CONSTRAINT "row_perplexities_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "row_perplexities_datanet" ON "row_perplexities" USING btree ("datanet_id","example_id");