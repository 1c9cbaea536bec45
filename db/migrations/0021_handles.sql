CREATE TABLE "example_authors" (
	"example_id" text NOT NULL,
	"position" integer NOT NULL,
	"account" char(42) NOT NULL,
	CONSTRAINT "example_authors_example_id_position_pk" PRIMARY KEY("example_id","position")
);
--> statement-breakpoint
CREATE TABLE "handles" (
	"account" char(42) PRIMARY KEY NOT NULL,
	"handle" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "handles_handle_unique" UNIQUE("handle")
);
--> statement-breakpoint
ALTER TABLE "example_authors" ADD CONSTRAINT "example_authors_example_id_examples_id_fk" FOREIGN KEY ("example_id") REFERENCES "public"."examples"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "example_authors_account" ON "example_authors" USING btree ("account");