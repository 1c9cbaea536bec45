CREATE TABLE "example_derivations" (
	"example_id" text PRIMARY KEY NOT NULL,
	"parent_id" text NOT NULL,
	"role" text NOT NULL,
	"note" text NOT NULL,
	"reported_by" char(42)
);
--> statement-breakpoint
CREATE TABLE "harm_contributors" (
	"adapter_id" text NOT NULL,
	"contributor" char(42) NOT NULL,
	"rows" integer NOT NULL,
	"net_score" bigint NOT NULL,
	CONSTRAINT "harm_contributors_adapter_id_contributor_pk" PRIMARY KEY("adapter_id","contributor")
);
--> statement-breakpoint
CREATE TABLE "harm_entries" (
	"inference_id" text NOT NULL,
	"example_id" text NOT NULL,
	"adapter_id" text NOT NULL,
	"score" bigint NOT NULL,
	CONSTRAINT "harm_entries_inference_id_example_id_pk" PRIMARY KEY("inference_id","example_id")
);
--> statement-breakpoint
CREATE TABLE "harm_flag_rows" (
	"flag_id" text NOT NULL,
	"example_id" text NOT NULL,
	"withdrawn" boolean DEFAULT false NOT NULL,
	CONSTRAINT "harm_flag_rows_flag_id_example_id_pk" PRIMARY KEY("flag_id","example_id")
);
--> statement-breakpoint
CREATE TABLE "harm_flags" (
	"id" text PRIMARY KEY NOT NULL,
	"datanet_id" text NOT NULL,
	"kind" text NOT NULL,
	"contributor" char(42) NOT NULL,
	"adapter_id" text,
	"reported_by" char(42),
	"evidence" jsonb NOT NULL,
	"subject_key" text NOT NULL,
	"decision" text,
	"decided_by" char(42),
	"decided_at" timestamp with time zone,
	"reason" text,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "harm_measurements" (
	"adapter_id" text PRIMARY KEY NOT NULL,
	"datanet_id" text NOT NULL,
	"probes" integer NOT NULL,
	"rows" integer NOT NULL,
	"median_score" bigint NOT NULL,
	"mad_score" bigint NOT NULL,
	"measured_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "example_derivations" ADD CONSTRAINT "example_derivations_example_id_examples_id_fk" FOREIGN KEY ("example_id") REFERENCES "public"."examples"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "example_derivations" ADD CONSTRAINT "example_derivations_parent_id_examples_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."examples"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "harm_contributors" ADD CONSTRAINT "harm_contributors_adapter_id_harm_measurements_adapter_id_fk" FOREIGN KEY ("adapter_id") REFERENCES "public"."harm_measurements"("adapter_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "harm_entries" ADD CONSTRAINT "harm_entries_inference_id_inferences_id_fk" FOREIGN KEY ("inference_id") REFERENCES "public"."inferences"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "harm_entries" ADD CONSTRAINT "harm_entries_adapter_id_adapters_id_fk" FOREIGN KEY ("adapter_id") REFERENCES "public"."adapters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "harm_flag_rows" ADD CONSTRAINT "harm_flag_rows_flag_id_harm_flags_id_fk" FOREIGN KEY ("flag_id") REFERENCES "public"."harm_flags"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "harm_flag_rows" ADD CONSTRAINT "harm_flag_rows_example_id_examples_id_fk" FOREIGN KEY ("example_id") REFERENCES "public"."examples"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "harm_flags" ADD CONSTRAINT "harm_flags_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "harm_flags" ADD CONSTRAINT "harm_flags_adapter_id_adapters_id_fk" FOREIGN KEY ("adapter_id") REFERENCES "public"."adapters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "harm_measurements" ADD CONSTRAINT "harm_measurements_adapter_id_adapters_id_fk" FOREIGN KEY ("adapter_id") REFERENCES "public"."adapters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "harm_measurements" ADD CONSTRAINT "harm_measurements_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "example_derivations_parent" ON "example_derivations" USING btree ("parent_id");--> statement-breakpoint
CREATE INDEX "harm_contributors_account" ON "harm_contributors" USING btree ("contributor");--> statement-breakpoint
CREATE INDEX "harm_entries_example" ON "harm_entries" USING btree ("example_id","adapter_id");--> statement-breakpoint
CREATE INDEX "harm_flag_rows_example" ON "harm_flag_rows" USING btree ("example_id");--> statement-breakpoint
CREATE UNIQUE INDEX "harm_flags_subject" ON "harm_flags" USING btree ("kind","subject_key");--> statement-breakpoint
CREATE INDEX "harm_flags_datanet" ON "harm_flags" USING btree ("datanet_id","id");--> statement-breakpoint
CREATE INDEX "harm_flags_contributor" ON "harm_flags" USING btree ("contributor","id");