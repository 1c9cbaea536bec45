CREATE TABLE "mix_parts" (
	"mix_id" text NOT NULL,
	"position" integer NOT NULL,
	"version_id" text NOT NULL,
	"tenths" integer NOT NULL,
	"first_leaf" integer NOT NULL,
	CONSTRAINT "mix_parts_mix_id_position_pk" PRIMARY KEY("mix_id","position")
);
--> statement-breakpoint
CREATE TABLE "mixes" (
	"version_id" text PRIMARY KEY NOT NULL,
	"datanet_id" text NOT NULL,
	CONSTRAINT "mixes_datanet_id_unique" UNIQUE("datanet_id")
);
--> statement-breakpoint
ALTER TABLE "mix_parts" ADD CONSTRAINT "mix_parts_mix_id_mixes_version_id_fk" FOREIGN KEY ("mix_id") REFERENCES "public"."mixes"("version_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mix_parts" ADD CONSTRAINT "mix_parts_version_id_datanet_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."datanet_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mixes" ADD CONSTRAINT "mixes_version_id_datanet_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."datanet_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mixes" ADD CONSTRAINT "mixes_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "mix_parts_version" ON "mix_parts" USING btree ("mix_id","version_id");--> statement-breakpoint
CREATE INDEX "mix_parts_of" ON "mix_parts" USING btree ("version_id");