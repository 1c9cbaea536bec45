import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Deployment, readDeployment } from '../../lib/platform/deployment.ts';
import { e2ePlace } from '../../scripts/test/e2e-place.ts';

/** What the launcher writes to `<dataDir>/runtime.json` when everything is up. */
export type Runtime = {
  APP_URL: string;
  DATABASE_URL: string;
  RPC_URL: string;
  CHAIN_ID: number;
  DEPLOYMENT_FILE: string;
  OBJECT_STORE_DIR: string;
  SERVE_URL: string;
};

/** Where the installation under test keeps its data: of our own start, or of the running one that E2E_BASE_URL names. */
export const dataDir = resolve(process.env.E2E_DATA_DIR ?? e2ePlace.dataDir);

/** Addresses and ids of the installation under test. Throws while it is not up. */
export function readRuntime(): Runtime {
  const file = join(dataDir, 'runtime.json');
  if (!existsSync(file)) {
    throw new Error(`${file} is missing: the installation is not up, or E2E_DATA_DIR must name its data folder`);
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Runtime;
}

/** Contract addresses of the installation under test. */
export function readContracts(): Deployment {
  return readDeployment(readRuntime().DEPLOYMENT_FILE);
}
