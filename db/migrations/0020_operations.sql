CREATE TABLE "alarms" (
	"key" text PRIMARY KEY NOT NULL,
	"message" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reconciliations" (
	"contract" text PRIMARY KEY NOT NULL,
	"held_wei" numeric(78, 0) NOT NULL,
	"owed_wei" numeric(78, 0) NOT NULL,
	"block_number" bigint NOT NULL,
	"checked_at" timestamp with time zone NOT NULL
);
