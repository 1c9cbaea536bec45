CREATE TABLE "appeals" (
	"id" text PRIMARY KEY NOT NULL,
	"example_id" text NOT NULL,
	"datanet_id" text NOT NULL,
	"appellant" char(42) NOT NULL,
	"reason" text NOT NULL,
	"bond_points" integer NOT NULL,
	"round_id" text,
	"state" text NOT NULL,
	"decided_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "gold_rows" (
	"id" text PRIMARY KEY NOT NULL,
	"datanet_id" text NOT NULL,
	"data" jsonb NOT NULL,
	"verdict" text NOT NULL,
	"why" text NOT NULL,
	"content_hash" char(66) NOT NULL,
	"added_by" char(42) NOT NULL,
	"retired_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "owner_vetoes" (
	"id" text PRIMARY KEY NOT NULL,
	"example_id" text NOT NULL,
	"datanet_id" text NOT NULL,
	"owner" char(42) NOT NULL,
	"before" text NOT NULL,
	"reason" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "review_round_rows" (
	"round_id" text NOT NULL,
	"position" integer NOT NULL,
	"example_id" text,
	"gold_id" text,
	"outcome" text,
	CONSTRAINT "review_round_rows_round_id_position_pk" PRIMARY KEY("round_id","position")
);
--> statement-breakpoint
CREATE TABLE "review_rounds" (
	"id" text PRIMARY KEY NOT NULL,
	"datanet_id" text NOT NULL,
	"kind" text NOT NULL,
	"opened_by" char(42) NOT NULL,
	"quorum" integer NOT NULL,
	"commit_until" timestamp with time zone NOT NULL,
	"reveal_until" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "review_votes" (
	"round_id" text NOT NULL,
	"validator" char(42) NOT NULL,
	"commitment" char(66),
	"committed_at" timestamp with time zone,
	"verdicts" text,
	"salt" char(66),
	"revealed_at" timestamp with time zone,
	"skill_ppm" integer,
	"judged" integer,
	"reviewed_rows" integer,
	CONSTRAINT "review_votes_round_id_validator_pk" PRIMARY KEY("round_id","validator")
);
--> statement-breakpoint
CREATE TABLE "row_checks" (
	"example_id" text PRIMARY KEY NOT NULL,
	"datanet_id" text NOT NULL,
	"score" smallint NOT NULL,
	"held" boolean NOT NULL,
	"reasons" jsonb NOT NULL,
	"bands" integer[] NOT NULL,
	"scanned_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "trigger_scans" (
	"id" text PRIMARY KEY NOT NULL,
	"datanet_id" text NOT NULL,
	"rows" integer NOT NULL,
	"triggers" jsonb NOT NULL,
	"held_rows" integer NOT NULL,
	"scanned_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "appeals" ADD CONSTRAINT "appeals_example_id_examples_id_fk" FOREIGN KEY ("example_id") REFERENCES "public"."examples"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appeals" ADD CONSTRAINT "appeals_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appeals" ADD CONSTRAINT "appeals_round_id_review_rounds_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."review_rounds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gold_rows" ADD CONSTRAINT "gold_rows_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "owner_vetoes" ADD CONSTRAINT "owner_vetoes_example_id_examples_id_fk" FOREIGN KEY ("example_id") REFERENCES "public"."examples"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "owner_vetoes" ADD CONSTRAINT "owner_vetoes_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_round_rows" ADD CONSTRAINT "review_round_rows_round_id_review_rounds_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."review_rounds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_round_rows" ADD CONSTRAINT "review_round_rows_example_id_examples_id_fk" FOREIGN KEY ("example_id") REFERENCES "public"."examples"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_round_rows" ADD CONSTRAINT "review_round_rows_gold_id_gold_rows_id_fk" FOREIGN KEY ("gold_id") REFERENCES "public"."gold_rows"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_rounds" ADD CONSTRAINT "review_rounds_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_votes" ADD CONSTRAINT "review_votes_round_id_review_rounds_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."review_rounds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "row_checks" ADD CONSTRAINT "row_checks_example_id_examples_id_fk" FOREIGN KEY ("example_id") REFERENCES "public"."examples"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "row_checks" ADD CONSTRAINT "row_checks_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trigger_scans" ADD CONSTRAINT "trigger_scans_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "appeals_example" ON "appeals" USING btree ("example_id");--> statement-breakpoint
CREATE INDEX "appeals_appellant" ON "appeals" USING btree ("appellant","created_at");--> statement-breakpoint
CREATE INDEX "appeals_datanet" ON "appeals" USING btree ("datanet_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "gold_rows_content" ON "gold_rows" USING btree ("datanet_id","content_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "owner_vetoes_example" ON "owner_vetoes" USING btree ("example_id");--> statement-breakpoint
CREATE INDEX "owner_vetoes_datanet" ON "owner_vetoes" USING btree ("datanet_id","id");--> statement-breakpoint
CREATE INDEX "review_round_rows_example" ON "review_round_rows" USING btree ("example_id");--> statement-breakpoint
CREATE INDEX "review_rounds_datanet" ON "review_rounds" USING btree ("datanet_id","id");--> statement-breakpoint
CREATE INDEX "review_rounds_open" ON "review_rounds" USING btree ("settled_at","id");--> statement-breakpoint
CREATE INDEX "review_votes_validator" ON "review_votes" USING btree ("validator","round_id");--> statement-breakpoint
CREATE INDEX "row_checks_bands" ON "row_checks" USING gin ("bands");--> statement-breakpoint
CREATE INDEX "row_checks_unscanned" ON "row_checks" USING btree ("scanned_at","example_id");--> statement-breakpoint
CREATE INDEX "row_checks_datanet" ON "row_checks" USING btree ("datanet_id","held","example_id");--> statement-breakpoint
CREATE INDEX "trigger_scans_datanet" ON "trigger_scans" USING btree ("datanet_id","id");