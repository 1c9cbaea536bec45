import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { address, at, hash } from '../columns.ts';
import { adapters } from './models.ts';

export type CertificateStatus = 'pending' | 'certified' | 'refused' | 'suspended';

/**
 * Whether an adapter's attribution may be paid by, and how far: the outcome of its newest audit that could tell. An adapter
 * without a row is pending.
 */
export const adapterCertificates = pgTable('adapter_certificates', {
  adapterId: text('adapter_id')
    .primaryKey()
    .references(() => adapters.id),
  status: text('status').$type<CertificateStatus>().notNull(),
  alphaPpm: integer('alpha_ppm').notNull(), // lower 95 % bound of the linear datamodeling score; 0 unless certified
  sha256: hash('sha256'), // of the document, canonical JSON in the object store; null while pending
  changedAt: at('changed_at').notNull(),
});

export type AuditKind = 'certification' | 'audit';
export type AuditTrigger = 'training' | 'schedule' | 'owner';
export type AuditStatus = 'queued' | 'running' | 'passed' | 'failed' | 'broken';

/** One measurement of an adapter's attribution against retraining: its certification, or an audit of answers it was paid for. */
export const adapterAudits = pgTable(
  'adapter_audits',
  {
    id: text('id').primaryKey(),
    adapterId: text('adapter_id')
      .notNull()
      .references(() => adapters.id),
    kind: text('kind').$type<AuditKind>().notNull(),
    trigger: text('trigger').$type<AuditTrigger>().notNull(),
    requestedBy: address('requested_by'),
    status: text('status').$type<AuditStatus>().notNull(),
    subsets: integer('subsets').notNull().default(0), // retrainings on half of the rows; 0 until the first trainings have said how many the budget allows
    done: integer('done').notNull().default(0), // trainings
    total: integer('total').notNull().default(0),
    cpuMs: bigint('cpu_ms', { mode: 'number' }).notNull().default(0),
    cpuBudgetMs: bigint('cpu_budget_ms', { mode: 'number' }).notNull(),
    attempts: integer('attempts').notNull().default(0),
    effects: jsonb('effects').$type<Record<string, number[]>>().notNull().default({}), // measured by training, until it ends
    documentSha256: hash('document_sha256'),
    alphaPpm: integer('alpha_ppm'),
    reasons: jsonb('reasons').$type<string[]>().notNull().default([]), // gates that it did not pass
    error: text('error'), // broken: why nothing could be measured
    leaseOwner: text('lease_owner'),
    leaseUntil: at('lease_until'),
    createdAt: at('created_at').notNull(),
    startedAt: at('started_at'),
    endedAt: at('ended_at'),
  },
  (t) => [
    index('adapter_audits_adapter').on(t.adapterId, t.createdAt),
    index('adapter_audits_status').on(t.status),
    uniqueIndex('adapter_audits_open').on(t.adapterId).where(sql`${t.status} in ('queued', 'running')`),
  ],
);
