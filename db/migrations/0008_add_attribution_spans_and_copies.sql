CREATE TABLE "adapter_copies" (
	"adapter_id" text NOT NULL,
	"example_id" text NOT NULL,
	"copy_of" text NOT NULL,
	"kind" text NOT NULL,
	CONSTRAINT "adapter_copies_adapter_id_example_id_pk" PRIMARY KEY("adapter_id","example_id")
);
--> statement-breakpoint
CREATE TABLE "attribution_spans" (
	"inference_id" text NOT NULL,
	"rank" integer NOT NULL,
	"start_token" integer NOT NULL,
	"end_token" integer NOT NULL,
	"start_char" integer NOT NULL,
	"end_char" integer NOT NULL,
	"millibits" integer NOT NULL,
	"occurrences" integer NOT NULL,
	"example_ids" jsonb NOT NULL,
	CONSTRAINT "attribution_spans_inference_id_rank_pk" PRIMARY KEY("inference_id","rank")
);
--> statement-breakpoint
ALTER TABLE "adapters" ADD COLUMN "span_index_sha256" char(66);--> statement-breakpoint
ALTER TABLE "adapter_copies" ADD CONSTRAINT "adapter_copies_adapter_id_adapters_id_fk" FOREIGN KEY ("adapter_id") REFERENCES "public"."adapters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attribution_spans" ADD CONSTRAINT "attribution_spans_inference_id_inferences_id_fk" FOREIGN KEY ("inference_id") REFERENCES "public"."inferences"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "adapter_copies_original" ON "adapter_copies" USING btree ("adapter_id","copy_of");--> statement-breakpoint
CREATE INDEX "adapter_copies_example" ON "adapter_copies" USING btree ("example_id");