CREATE TABLE "model_passes" (
	"id" text PRIMARY KEY NOT NULL,
	"family_id" text NOT NULL,
	"holder" char(42) NOT NULL,
	"source" text NOT NULL,
	"until" timestamp with time zone,
	"answers" integer,
	"answers_left" integer,
	"price_wei" numeric(78, 0) NOT NULL,
	"channel_id" char(66),
	"api_key_id" text,
	"idempotency_key" text,
	"receipt_id" text,
	"created_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "model_passes_receipt_id_unique" UNIQUE("receipt_id"),
	CONSTRAINT "model_passes_one_kind" CHECK (("model_passes"."until" is null) <> ("model_passes"."answers_left" is null)),
	CONSTRAINT "model_passes_left" CHECK ("model_passes"."answers_left" between 0 and "model_passes"."answers"),
	CONSTRAINT "model_passes_bought" CHECK ("model_passes"."source" = 'granted' or "model_passes"."revoked_at" is null)
);
--> statement-breakpoint
CREATE TABLE "pass_offers" (
	"id" text PRIMARY KEY NOT NULL,
	"family_id" text NOT NULL,
	"access" text NOT NULL,
	"days" integer,
	"days_wei" numeric(78, 0),
	"answers" integer,
	"answers_wei" numeric(78, 0),
	"set_by" char(42) NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	CONSTRAINT "pass_offers_days" CHECK (("pass_offers"."days" is null) = ("pass_offers"."days_wei" is null)),
	CONSTRAINT "pass_offers_answers" CHECK (("pass_offers"."answers" is null) = ("pass_offers"."answers_wei" is null))
);
--> statement-breakpoint
ALTER TABLE "inferences" ADD COLUMN "pass_id" text;--> statement-breakpoint
ALTER TABLE "model_passes" ADD CONSTRAINT "model_passes_family_id_models_id_fk" FOREIGN KEY ("family_id") REFERENCES "public"."models"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_passes" ADD CONSTRAINT "model_passes_receipt_id_receipts_id_fk" FOREIGN KEY ("receipt_id") REFERENCES "public"."receipts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pass_offers" ADD CONSTRAINT "pass_offers_family_id_models_id_fk" FOREIGN KEY ("family_id") REFERENCES "public"."models"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "model_passes_holder" ON "model_passes" USING btree ("holder","family_id");--> statement-breakpoint
CREATE INDEX "model_passes_family" ON "model_passes" USING btree ("family_id","id");--> statement-breakpoint
CREATE INDEX "model_passes_channel" ON "model_passes" USING btree ("channel_id");--> statement-breakpoint
CREATE UNIQUE INDEX "model_passes_idempotency" ON "model_passes" USING btree ("holder","idempotency_key");--> statement-breakpoint
CREATE INDEX "pass_offers_newest" ON "pass_offers" USING btree ("family_id","id");