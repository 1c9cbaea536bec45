CREATE TABLE "adapter_evaluations" (
	"id" text PRIMARY KEY NOT NULL,
	"adapter_id" text NOT NULL,
	"set_id" text,
	"status" text NOT NULL,
	"adapter_sha256" char(66) NOT NULL,
	"figures" jsonb,
	"gates" jsonb NOT NULL,
	"error" text,
	"created_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "blind_votes" (
	"evaluation_id" text NOT NULL,
	"row_id" text NOT NULL,
	"voter" char(42) NOT NULL,
	"choice" text NOT NULL,
	"voted_at" timestamp with time zone NOT NULL,
	CONSTRAINT "blind_votes_evaluation_id_row_id_voter_pk" PRIMARY KEY("evaluation_id","row_id","voter")
);
--> statement-breakpoint
CREATE TABLE "evaluation_rows" (
	"evaluation_id" text NOT NULL,
	"row_id" text NOT NULL,
	"position" integer NOT NULL,
	"tokens" integer NOT NULL,
	"base_loss" double precision,
	"tuned_loss" double precision,
	"base_answer" text,
	"tuned_answer" text,
	"is_contaminated" boolean NOT NULL,
	CONSTRAINT "evaluation_rows_evaluation_id_row_id_pk" PRIMARY KEY("evaluation_id","row_id")
);
--> statement-breakpoint
CREATE TABLE "evaluation_sets" (
	"id" text PRIMARY KEY NOT NULL,
	"owner" char(42) NOT NULL,
	"name" text NOT NULL,
	"questions" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "adapter_evaluations" ADD CONSTRAINT "adapter_evaluations_adapter_id_adapters_id_fk" FOREIGN KEY ("adapter_id") REFERENCES "public"."adapters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "adapter_evaluations" ADD CONSTRAINT "adapter_evaluations_set_id_evaluation_sets_id_fk" FOREIGN KEY ("set_id") REFERENCES "public"."evaluation_sets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "blind_votes" ADD CONSTRAINT "blind_votes_evaluation_id_adapter_evaluations_id_fk" FOREIGN KEY ("evaluation_id") REFERENCES "public"."adapter_evaluations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluation_rows" ADD CONSTRAINT "evaluation_rows_evaluation_id_adapter_evaluations_id_fk" FOREIGN KEY ("evaluation_id") REFERENCES "public"."adapter_evaluations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "adapter_evaluations_sealed" ON "adapter_evaluations" USING btree ("adapter_id") WHERE "adapter_evaluations"."set_id" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "adapter_evaluations_set" ON "adapter_evaluations" USING btree ("adapter_id","set_id");--> statement-breakpoint
CREATE INDEX "adapter_evaluations_status" ON "adapter_evaluations" USING btree ("status");--> statement-breakpoint
CREATE INDEX "evaluation_sets_owner" ON "evaluation_sets" USING btree ("owner","created_at");