import { customType, numeric, timestamp } from 'drizzle-orm/pg-core';

/** Amounts in wei: up to 78 decimal digits (2^256 - 1), bigint in TypeScript. Raw `sum()` returns text: map it. */
export const wei = (name: string) => numeric(name, { precision: 78, scale: 0, mode: 'bigint' });

/** EVM address, lower-case in storage, checksummed on screen (architecture.md, Names). */
export const address = customType<{ data: string; driverData: string }>({
  dataType: () => 'char(42)',
  toDriver: (value) => value.toLowerCase(),
});

/** 32-byte hash as `0x` + 64 lower-case hex digits. */
export const hash = customType<{ data: string; driverData: string }>({
  dataType: () => 'char(66)',
  toDriver: (value) => value.toLowerCase(),
});

export const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Full-text document of PostgreSQL. Written by the database (generated column), asked with `@@`, never read. */
export const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });
