CREATE TABLE "model_payers" (
	"family_id" text NOT NULL,
	"payer" char(42) NOT NULL,
	"last_paid_at" timestamp with time zone NOT NULL,
	CONSTRAINT "model_payers_family_id_payer_pk" PRIMARY KEY("family_id","payer")
);
--> statement-breakpoint
ALTER TABLE "model_payers" ADD CONSTRAINT "model_payers_family_id_models_id_fk" FOREIGN KEY ("family_id") REFERENCES "public"."models"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "model_payers_newest" ON "model_payers" USING btree ("family_id","last_paid_at");--> statement-breakpoint
-- Answers that were paid before there was this table.
INSERT INTO model_payers (family_id, payer, last_paid_at)
SELECT family_of(model_id), payer, max(created_at) FROM inferences
WHERE payer IS NOT NULL AND fee_wei > 0 AND status = 'completed' GROUP BY 1, 2;
