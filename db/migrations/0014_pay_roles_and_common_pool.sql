CREATE TABLE "attribution_parts" (
	"inference_id" text NOT NULL,
	"example_id" text NOT NULL,
	"account" char(42) NOT NULL,
	"role" text NOT NULL,
	"share_ppm" integer NOT NULL,
	CONSTRAINT "attribution_parts_inference_id_example_id_account_role_pk" PRIMARY KEY("inference_id","example_id","account","role")
);
--> statement-breakpoint
ALTER TABLE "reward_lines" ALTER COLUMN "receipt_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "reward_lines" ADD COLUMN "model_id" text;--> statement-breakpoint
UPDATE "reward_lines" l SET "model_id" = r."model_id" FROM "receipts" r WHERE r."id" = l."receipt_id";--> statement-breakpoint
ALTER TABLE "reward_lines" ALTER COLUMN "model_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "attribution_parts" ADD CONSTRAINT "attribution_parts_inference_id_inferences_id_fk" FOREIGN KEY ("inference_id") REFERENCES "public"."inferences"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "attribution_parts_example" ON "attribution_parts" USING btree ("example_id");--> statement-breakpoint
CREATE INDEX "attribution_parts_account" ON "attribution_parts" USING btree ("account");--> statement-breakpoint
ALTER TABLE "reward_lines" ADD CONSTRAINT "reward_lines_model_id_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."models"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "reward_lines_pool_once" ON "reward_lines" USING btree ("period_id","model_id","account") WHERE "reward_lines"."receipt_id" is null;--> statement-breakpoint
CREATE INDEX "reward_lines_model" ON "reward_lines" USING btree ("model_id","role");--> statement-breakpoint
INSERT INTO "attribution_parts" ("inference_id", "example_id", "account", "role", "share_ppm")
	SELECT "inference_id", "example_id", "contributor", 'collect', "share_ppm" FROM "attribution_rows";
