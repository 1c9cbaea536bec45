CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"owner" char(42) NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"key_hash" text NOT NULL,
	"budget_wei" numeric(78, 0) NOT NULL,
	"spent_wei" numeric(78, 0) NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_keys_key_hash_unique" UNIQUE("key_hash")
);
--> statement-breakpoint
CREATE TABLE "auth_nonces" (
	"nonce" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"key" text PRIMARY KEY NOT NULL,
	"count" integer NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"address" char(42) NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contributions" (
	"id" text PRIMARY KEY NOT NULL,
	"datanet_id" text NOT NULL,
	"contributor" char(42) NOT NULL,
	"source" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"row_count" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "datanet_roles" (
	"datanet_id" text NOT NULL,
	"address" char(42) NOT NULL,
	"role" text NOT NULL,
	"granted_at" timestamp with time zone NOT NULL,
	CONSTRAINT "datanet_roles_datanet_id_address_role_pk" PRIMARY KEY("datanet_id","address","role")
);
--> statement-breakpoint
CREATE TABLE "datanet_versions" (
	"id" text PRIMARY KEY NOT NULL,
	"datanet_id" text NOT NULL,
	"number" integer NOT NULL,
	"root" char(66) NOT NULL,
	"row_count" integer NOT NULL,
	"contributor_count" integer NOT NULL,
	"object_key" text NOT NULL,
	"frozen_by" char(42) NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "datanets" (
	"id" text PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"owner" char(42) NOT NULL,
	"title" text NOT NULL,
	"domain" text NOT NULL,
	"language" text NOT NULL,
	"summary" text NOT NULL,
	"description" text NOT NULL,
	"rubric" jsonb NOT NULL,
	"fields" jsonb NOT NULL,
	"license" text NOT NULL,
	"meta_hash" char(66) NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "datanets_slug_unique" UNIQUE("slug"),
	CONSTRAINT "datanets_meta_hash_unique" UNIQUE("meta_hash")
);
--> statement-breakpoint
CREATE TABLE "examples" (
	"id" text PRIMARY KEY NOT NULL,
	"datanet_id" text NOT NULL,
	"contribution_id" text NOT NULL,
	"contributor" char(42) NOT NULL,
	"data" jsonb NOT NULL,
	"content_hash" char(66) NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"reviewed_by" char(42),
	"reviewed_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "version_examples" (
	"version_id" text NOT NULL,
	"leaf_index" integer NOT NULL,
	"example_id" text NOT NULL,
	CONSTRAINT "version_examples_version_id_leaf_index_pk" PRIMARY KEY("version_id","leaf_index")
);
--> statement-breakpoint
CREATE TABLE "adapters" (
	"id" text PRIMARY KEY NOT NULL,
	"run_id" text NOT NULL,
	"base_model" text NOT NULL,
	"sha256" char(66) NOT NULL,
	"object_prefix" text NOT NULL,
	"index_sha256" char(66) NOT NULL,
	"eval_loss" double precision NOT NULL,
	"base_eval_loss" double precision NOT NULL,
	"manifest" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "adapters_run_id_unique" UNIQUE("run_id")
);
--> statement-breakpoint
CREATE TABLE "attribution_rows" (
	"inference_id" text NOT NULL,
	"example_id" text NOT NULL,
	"contributor" char(42) NOT NULL,
	"score" bigint NOT NULL,
	"share_ppm" integer NOT NULL,
	CONSTRAINT "attribution_rows_inference_id_example_id_pk" PRIMARY KEY("inference_id","example_id")
);
--> statement-breakpoint
CREATE TABLE "attribution_shares" (
	"inference_id" text NOT NULL,
	"contributor" char(42) NOT NULL,
	"share_ppm" integer NOT NULL,
	CONSTRAINT "attribution_shares_inference_id_contributor_pk" PRIMARY KEY("inference_id","contributor")
);
--> statement-breakpoint
CREATE TABLE "inferences" (
	"id" text PRIMARY KEY NOT NULL,
	"model_id" text NOT NULL,
	"payer" char(42),
	"channel_id" char(66),
	"api_key_id" text,
	"idempotency_key" text NOT NULL,
	"caller_key" text NOT NULL,
	"status" text NOT NULL,
	"messages" jsonb NOT NULL,
	"params" jsonb NOT NULL,
	"output" text,
	"finish_reason" text,
	"prompt_ids" jsonb,
	"completion_ids" jsonb,
	"ceiling_wei" numeric(78, 0) NOT NULL,
	"fee_wei" numeric(78, 0) NOT NULL,
	"salt" char(66) NOT NULL,
	"error" text,
	"attribution_status" text NOT NULL,
	"heartbeat_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"completed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "models" (
	"id" text PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"summary" text NOT NULL,
	"owner" char(42) NOT NULL,
	"adapter_id" text NOT NULL,
	"version_id" text NOT NULL,
	"input_wei_per_token" numeric(78, 0) NOT NULL,
	"output_wei_per_token" numeric(78, 0) NOT NULL,
	"split" jsonb NOT NULL,
	"version_hash" char(66) NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "models_slug_unique" UNIQUE("slug"),
	CONSTRAINT "models_version_hash_unique" UNIQUE("version_hash")
);
--> statement-breakpoint
CREATE TABLE "receipts" (
	"id" text PRIMARY KEY NOT NULL,
	"inference_id" text NOT NULL,
	"model_id" text NOT NULL,
	"body" jsonb NOT NULL,
	"hash" char(66) NOT NULL,
	"signature" text NOT NULL,
	"fee_wei" numeric(78, 0) NOT NULL,
	"reward_period_id" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "receipts_inference_id_unique" UNIQUE("inference_id")
);
--> statement-breakpoint
CREATE TABLE "training_events" (
	"run_id" text NOT NULL,
	"seq" integer NOT NULL,
	"type" text NOT NULL,
	"data" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "training_events_run_id_seq_pk" PRIMARY KEY("run_id","seq")
);
--> statement-breakpoint
CREATE TABLE "training_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"owner" char(42) NOT NULL,
	"name" text NOT NULL,
	"version_id" text NOT NULL,
	"base_model" text NOT NULL,
	"preset" text NOT NULL,
	"recipe" jsonb NOT NULL,
	"seed" integer NOT NULL,
	"status" text NOT NULL,
	"error_code" text,
	"error_message" text,
	"checkpoint_key" text,
	"checkpoint_step" integer DEFAULT 0 NOT NULL,
	"total_steps" integer,
	"lease_owner" text,
	"lease_until" timestamp with time zone,
	"idempotency_key" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "chain_blocks" (
	"number" bigint PRIMARY KEY NOT NULL,
	"hash" char(66) NOT NULL,
	"parent_hash" char(66) NOT NULL,
	"timestamp" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chain_events" (
	"block_number" bigint NOT NULL,
	"log_index" integer NOT NULL,
	"block_hash" char(66) NOT NULL,
	"tx_hash" char(66) NOT NULL,
	"contract" text NOT NULL,
	"name" text NOT NULL,
	"subject" text NOT NULL,
	"args" jsonb NOT NULL,
	CONSTRAINT "chain_events_block_number_log_index_pk" PRIMARY KEY("block_number","log_index")
);
--> statement-breakpoint
CREATE TABLE "chain_transactions" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"sender" char(42) NOT NULL,
	"nonce" integer NOT NULL,
	"raw" text NOT NULL,
	"hash" char(66) NOT NULL,
	"status" text NOT NULL,
	"block_number" bigint,
	"error" text,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "chain_transactions_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "channels" (
	"id" char(66) PRIMARY KEY NOT NULL,
	"payer" char(42) NOT NULL,
	"signer" char(42) NOT NULL,
	"charged_wei" numeric(78, 0) NOT NULL,
	"reserved_wei" numeric(78, 0) NOT NULL,
	"voucher_wei" numeric(78, 0) NOT NULL,
	"voucher_signature" text,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "heartbeats" (
	"process" text PRIMARY KEY NOT NULL,
	"pid" integer NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"facts" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"transaction_id" text NOT NULL,
	"account" text NOT NULL,
	"amount_wei" numeric(78, 0) NOT NULL,
	CONSTRAINT "ledger_entries_transaction_id_account_pk" PRIMARY KEY("transaction_id","account")
);
--> statement-breakpoint
CREATE TABLE "ledger_transactions" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"block_number" bigint,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "ledger_transactions_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "reward_leaves" (
	"period_id" text NOT NULL,
	"account" char(42) NOT NULL,
	"cumulative_wei" numeric(78, 0) NOT NULL,
	CONSTRAINT "reward_leaves_period_id_account_pk" PRIMARY KEY("period_id","account")
);
--> statement-breakpoint
CREATE TABLE "reward_lines" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"period_id" text NOT NULL,
	"receipt_id" text NOT NULL,
	"account" char(42) NOT NULL,
	"role" text NOT NULL,
	"amount_wei" numeric(78, 0) NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reward_periods" (
	"id" text PRIMARY KEY NOT NULL,
	"number" integer NOT NULL,
	"status" text NOT NULL,
	"receipt_count" integer NOT NULL,
	"gross_wei" numeric(78, 0) NOT NULL,
	"protocol_fee_wei" numeric(78, 0) NOT NULL,
	"net_wei" numeric(78, 0) NOT NULL,
	"total_wei" numeric(78, 0) NOT NULL,
	"root" char(66) NOT NULL,
	"receipts_root" char(66) NOT NULL,
	"data_key" text NOT NULL,
	"closed_at" timestamp with time zone NOT NULL,
	"submitted_at" timestamp with time zone,
	CONSTRAINT "reward_periods_number_unique" UNIQUE("number")
);
--> statement-breakpoint
ALTER TABLE "contributions" ADD CONSTRAINT "contributions_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "datanet_roles" ADD CONSTRAINT "datanet_roles_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "datanet_versions" ADD CONSTRAINT "datanet_versions_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "examples" ADD CONSTRAINT "examples_datanet_id_datanets_id_fk" FOREIGN KEY ("datanet_id") REFERENCES "public"."datanets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "examples" ADD CONSTRAINT "examples_contribution_id_contributions_id_fk" FOREIGN KEY ("contribution_id") REFERENCES "public"."contributions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "version_examples" ADD CONSTRAINT "version_examples_version_id_datanet_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."datanet_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "version_examples" ADD CONSTRAINT "version_examples_example_id_examples_id_fk" FOREIGN KEY ("example_id") REFERENCES "public"."examples"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "adapters" ADD CONSTRAINT "adapters_run_id_training_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."training_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attribution_rows" ADD CONSTRAINT "attribution_rows_inference_id_inferences_id_fk" FOREIGN KEY ("inference_id") REFERENCES "public"."inferences"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attribution_shares" ADD CONSTRAINT "attribution_shares_inference_id_inferences_id_fk" FOREIGN KEY ("inference_id") REFERENCES "public"."inferences"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inferences" ADD CONSTRAINT "inferences_model_id_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."models"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "models" ADD CONSTRAINT "models_adapter_id_adapters_id_fk" FOREIGN KEY ("adapter_id") REFERENCES "public"."adapters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "models" ADD CONSTRAINT "models_version_id_datanet_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."datanet_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "receipts" ADD CONSTRAINT "receipts_inference_id_inferences_id_fk" FOREIGN KEY ("inference_id") REFERENCES "public"."inferences"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "receipts" ADD CONSTRAINT "receipts_model_id_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."models"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_events" ADD CONSTRAINT "training_events_run_id_training_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."training_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_runs" ADD CONSTRAINT "training_runs_version_id_datanet_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."datanet_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_transaction_id_ledger_transactions_id_fk" FOREIGN KEY ("transaction_id") REFERENCES "public"."ledger_transactions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reward_leaves" ADD CONSTRAINT "reward_leaves_period_id_reward_periods_id_fk" FOREIGN KEY ("period_id") REFERENCES "public"."reward_periods"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reward_lines" ADD CONSTRAINT "reward_lines_period_id_reward_periods_id_fk" FOREIGN KEY ("period_id") REFERENCES "public"."reward_periods"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_keys_owner" ON "api_keys" USING btree ("owner");--> statement-breakpoint
CREATE UNIQUE INDEX "contributions_idempotency" ON "contributions" USING btree ("contributor","idempotency_key");--> statement-breakpoint
CREATE INDEX "contributions_datanet" ON "contributions" USING btree ("datanet_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "datanet_versions_number" ON "datanet_versions" USING btree ("datanet_id","number");--> statement-breakpoint
CREATE INDEX "datanet_versions_root" ON "datanet_versions" USING btree ("root");--> statement-breakpoint
CREATE INDEX "datanets_domain" ON "datanets" USING btree ("domain");--> statement-breakpoint
CREATE UNIQUE INDEX "examples_content" ON "examples" USING btree ("datanet_id","content_hash");--> statement-breakpoint
CREATE INDEX "examples_status" ON "examples" USING btree ("datanet_id","status","id");--> statement-breakpoint
CREATE INDEX "examples_contributor" ON "examples" USING btree ("contributor","created_at");--> statement-breakpoint
CREATE INDEX "examples_contribution" ON "examples" USING btree ("contribution_id");--> statement-breakpoint
CREATE UNIQUE INDEX "version_examples_example" ON "version_examples" USING btree ("version_id","example_id");--> statement-breakpoint
CREATE INDEX "attribution_rows_example" ON "attribution_rows" USING btree ("example_id");--> statement-breakpoint
CREATE INDEX "attribution_shares_contributor" ON "attribution_shares" USING btree ("contributor");--> statement-breakpoint
CREATE UNIQUE INDEX "inferences_idempotency" ON "inferences" USING btree ("caller_key","idempotency_key");--> statement-breakpoint
CREATE INDEX "inferences_model" ON "inferences" USING btree ("model_id","created_at");--> statement-breakpoint
CREATE INDEX "inferences_payer" ON "inferences" USING btree ("payer","created_at");--> statement-breakpoint
CREATE INDEX "inferences_running" ON "inferences" USING btree ("status","heartbeat_at");--> statement-breakpoint
CREATE INDEX "inferences_attribution" ON "inferences" USING btree ("attribution_status");--> statement-breakpoint
CREATE INDEX "receipts_period" ON "receipts" USING btree ("reward_period_id");--> statement-breakpoint
CREATE INDEX "receipts_created" ON "receipts" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "training_runs_idempotency" ON "training_runs" USING btree ("owner","idempotency_key");--> statement-breakpoint
CREATE INDEX "training_runs_status" ON "training_runs" USING btree ("status");--> statement-breakpoint
CREATE INDEX "chain_events_subject" ON "chain_events" USING btree ("name","subject");--> statement-breakpoint
CREATE INDEX "chain_events_name" ON "chain_events" USING btree ("contract","name","block_number");--> statement-breakpoint
CREATE INDEX "chain_events_tx" ON "chain_events" USING btree ("tx_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "chain_transactions_nonce" ON "chain_transactions" USING btree ("sender","nonce");--> statement-breakpoint
CREATE INDEX "channels_payer" ON "channels" USING btree ("payer");--> statement-breakpoint
CREATE INDEX "ledger_entries_account" ON "ledger_entries" USING btree ("account");--> statement-breakpoint
CREATE INDEX "ledger_transactions_block" ON "ledger_transactions" USING btree ("block_number");--> statement-breakpoint
CREATE INDEX "reward_leaves_account" ON "reward_leaves" USING btree ("account");--> statement-breakpoint
CREATE UNIQUE INDEX "reward_lines_once" ON "reward_lines" USING btree ("receipt_id","account","role");--> statement-breakpoint
CREATE INDEX "reward_lines_account" ON "reward_lines" USING btree ("account","period_id");--> statement-breakpoint
CREATE INDEX "reward_lines_period" ON "reward_lines" USING btree ("period_id");