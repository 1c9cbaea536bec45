CREATE TABLE "tasks" (
	"id" text PRIMARY KEY NOT NULL,
	"app" char(42) NOT NULL,
	"asker" char(42),
	"parent_id" text,
	"body" jsonb NOT NULL,
	"hash" char(66) NOT NULL,
	"signature" text NOT NULL,
	"status" text NOT NULL,
	"channel_id" char(66),
	"api_key_id" text,
	"held_wei" numeric(78, 0) NOT NULL,
	"receipt_body" jsonb,
	"receipt_hash" char(66),
	"app_signature" text,
	"gateway_signature" text,
	"receipt_id" text,
	"opened_at" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone,
	CONSTRAINT "tasks_receipt_id_unique" UNIQUE("receipt_id")
);
--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_parent_id_tasks_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."tasks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_receipt_id_receipts_id_fk" FOREIGN KEY ("receipt_id") REFERENCES "public"."receipts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "tasks_app" ON "tasks" USING btree ("app","opened_at");--> statement-breakpoint
CREATE INDEX "tasks_asker" ON "tasks" USING btree ("asker","opened_at");--> statement-breakpoint
CREATE INDEX "tasks_parent" ON "tasks" USING btree ("parent_id");--> statement-breakpoint
CREATE INDEX "tasks_channel" ON "tasks" USING btree ("channel_id");--> statement-breakpoint
CREATE INDEX "tasks_unclosed" ON "tasks" USING btree ("opened_at") WHERE "tasks"."status" <> 'closed';--> statement-breakpoint
CREATE INDEX "inferences_task" ON "inferences" USING btree (("params" ->> 'task')) WHERE "inferences"."params" ->> 'task' is not null;