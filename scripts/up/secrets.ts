import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from './write-file-atomically.ts';

/** Random values of one installation, made at its first start. */
export type Secrets = { databasePassword: string; sessionSecret: string; internalToken: string };

const names = ['databasePassword', 'sessionSecret', 'internalToken'] as const;

/** Reads `<dataDir>/secrets.json` (mode 0600), adding what is missing. */
export function loadSecrets(dataDir: string): Secrets {
  const path = join(dataDir, 'secrets.json');
  const stored = readStored(path);
  const secrets = Object.fromEntries(
    names.map((name) => [name, stored[name] ?? randomBytes(32).toString('base64url')]),
  ) as Secrets;
  if (names.some((name) => stored[name] === undefined)) {
    mkdirSync(dataDir, { recursive: true });
    writeFileAtomically(path, `${JSON.stringify(secrets, null, 2)}\n`, 0o600);
  }
  return secrets;
}

function readStored(path: string): Partial<Secrets> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Partial<Secrets>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error; // an unreadable file must not be replaced: the database's password is in it
  }
}
