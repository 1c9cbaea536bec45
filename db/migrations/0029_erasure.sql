CREATE TABLE "datanet_salt_keys" (
	"datanet_id" text PRIMARY KEY NOT NULL,
	"secret" char(66) NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "erasures" (
	"example_id" text PRIMARY KEY NOT NULL,
	"datanet_id" text NOT NULL,
	"requested_by" char(42) NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"receipt" jsonb,
	"receipt_hash" char(66),
	"signature" text,
	"erased_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "datanet_salt_keys" ADD CONSTRAINT "datanet_salt_keys_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "erasures" ADD CONSTRAINT "erasures_example_id_examples_id_fk" FOREIGN KEY ("example_id") REFERENCES "public"."examples"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "erasures" ADD CONSTRAINT "erasures_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "erasures_datanet" ON "erasures" USING btree ("datanet_id","example_id");