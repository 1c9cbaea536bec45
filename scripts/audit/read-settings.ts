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
  let running: Record<string, string | number> = {};
  try {
    running = JSON.parse(readFileSync('.data/runtime.json', 'utf8')) as Record<string, string | number>;
  } catch {
    // Nothing runs here: the environment has to say everything.
  }
  const setting = (name: string) => {
    const value = process.env[name] ?? running[name];
    if (value === undefined) throw new Error(`${name} is not set, and no \`npm start\` is running here to ask`);
    return String(value);
  };
  return {
    databaseUrl: setting('DATABASE_URL'),
    rpcUrl: setting('RPC_URL'),
    chainId: Number(setting('CHAIN_ID')),
    deploymentFile: setting('DEPLOYMENT_FILE'),
    objectStoreDir: setting('OBJECT_STORE_DIR'),
  };
}
