import { readFileSync } from 'node:fs';

export type AuditSettings = {
  databaseUrl: string;
  rpcUrl: string;
  chainId: number;
  deploymentFile: string;
  objectStoreDir: string;
};

/** Where everything is: the environment, else what the running `npm start` wrote to .data/runtime.json. Throws with the name. */
export function readSettings(): AuditSettings {
  return {
    databaseUrl: readSetting('DATABASE_URL'),
    rpcUrl: readSetting('RPC_URL'),
    chainId: Number(readSetting('CHAIN_ID')),
    deploymentFile: readSetting('DEPLOYMENT_FILE'),
    objectStoreDir: readSetting('OBJECT_STORE_DIR'),
  };
}

/** One setting from the same places. Throws with its name. */
export function readSetting(name: string): string {
  const value = findSetting(name);
  if (value === null) throw new Error(`${name} is not set, and no \`npm start\` is running here to ask`);
  return value;
}

/** The same, null where nobody has set it. */
export function findSetting(name: string): string | null {
  const value = process.env[name] ?? runningSettings()[name];
  return value === undefined ? null : String(value);
}

function runningSettings(): Record<string, string | number> {
  try {
    return JSON.parse(readFileSync('.data/runtime.json', 'utf8')) as Record<string, string | number>;
  } catch {
    return {}; // Nothing runs here: the environment has to say everything.
  }
}
