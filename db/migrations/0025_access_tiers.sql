CREATE TABLE "access_grants" (
	"id" text PRIMARY KEY NOT NULL,
	"datanet_id" text NOT NULL,
	"request_id" text NOT NULL,
	"grantee" char(42) NOT NULL,
	"granted_by" char(42) NOT NULL,
	"signature" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"revoked_by" char(42),
	"revoked_at" timestamp with time zone,
	"revoke_reason" text,
	CONSTRAINT "access_grants_request_id_unique" UNIQUE("request_id")
);
--> statement-breakpoint
CREATE TABLE "access_requests" (
	"id" text PRIMARY KEY NOT NULL,
	"datanet_id" text NOT NULL,
	"account" char(42) NOT NULL,
	"purpose" text NOT NULL,
	"public_key" text NOT NULL,
	"signature" text NOT NULL,
	"signed_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"decision" text,
	"decided_by" char(42),
	"decided_at" timestamp with time zone,
	"reason" text,
	CONSTRAINT "access_requests_signature_unique" UNIQUE("signature")
);
--> statement-breakpoint
CREATE TABLE "data_key_wraps" (
	"datanet_id" text NOT NULL,
	"era" integer NOT NULL,
	"account" char(42) NOT NULL,
	"wrapped" text NOT NULL,
	"wrapped_by" char(42) NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "data_key_wraps_datanet_id_era_account_pk" PRIMARY KEY("datanet_id","era","account")
);
--> statement-breakpoint
CREATE TABLE "datanet_access" (
	"datanet_id" text PRIMARY KEY NOT NULL,
	"tier" text NOT NULL,
	"set_by" char(42) NOT NULL,
	"set_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "member_keys" (
	"account" char(42) PRIMARY KEY NOT NULL,
	"public_key" text NOT NULL,
	"backup" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sealed_rows" (
	"example_id" text PRIMARY KEY NOT NULL,
	"datanet_id" text NOT NULL,
	"era" integer NOT NULL,
	"fingerprint" char(66) NOT NULL,
	"ciphertext" text NOT NULL,
	"wrapped_key" text
);
--> statement-breakpoint
ALTER TABLE "access_grants" ADD CONSTRAINT "access_grants_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_grants" ADD CONSTRAINT "access_grants_request_id_access_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."access_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_requests" ADD CONSTRAINT "access_requests_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "data_key_wraps" ADD CONSTRAINT "data_key_wraps_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "datanet_access" ADD CONSTRAINT "datanet_access_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sealed_rows" ADD CONSTRAINT "sealed_rows_example_id_examples_id_fk" FOREIGN KEY ("example_id") REFERENCES "public"."examples"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "access_grants_grantee" ON "access_grants" USING btree ("datanet_id","grantee");--> statement-breakpoint
CREATE UNIQUE INDEX "access_requests_open" ON "access_requests" USING btree ("datanet_id","account") WHERE decision is null;--> statement-breakpoint
CREATE INDEX "access_requests_datanet" ON "access_requests" USING btree ("datanet_id","id");--> statement-breakpoint
CREATE INDEX "sealed_rows_datanet" ON "sealed_rows" USING btree ("datanet_id","example_id");