CREATE TABLE "answer_feedback" (
	"inference_id" text PRIMARY KEY NOT NULL,
	"verdict" text NOT NULL,
	"contribution_id" text,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "counterfactuals" (
	"id" text PRIMARY KEY NOT NULL,
	"inference_id" text NOT NULL,
	"key" char(66) NOT NULL,
	"left_out" jsonb NOT NULL,
	"status" text NOT NULL,
	"result" jsonb,
	"error_message" text,
	"requested_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "answer_feedback" ADD CONSTRAINT "answer_feedback_inference_id_inferences_id_fk" FOREIGN KEY ("inference_id") REFERENCES "public"."inferences"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "answer_feedback" ADD CONSTRAINT "answer_feedback_contribution_id_contributions_id_fk" FOREIGN KEY ("contribution_id") REFERENCES "public"."contributions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "counterfactuals" ADD CONSTRAINT "counterfactuals_inference_id_inferences_id_fk" FOREIGN KEY ("inference_id") REFERENCES "public"."inferences"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "answer_feedback_contribution" ON "answer_feedback" USING btree ("contribution_id");--> statement-breakpoint
CREATE UNIQUE INDEX "counterfactuals_question" ON "counterfactuals" USING btree ("inference_id","key");--> statement-breakpoint
CREATE INDEX "counterfactuals_status" ON "counterfactuals" USING btree ("status","requested_at");