import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { resetData } from './ask-reset.ts';
import { buildWeb } from './build-web.ts';
import { deployContracts } from './deploy-contracts.ts';
import { callRpc } from './devnet/call-rpc.ts';
import { devnetPidHeader } from './devnet/rpc-server.ts';
import { lockInstance } from './instance-lock.ts';
import type { StartOptions } from './options.ts';
import { type Plan, planEnvironment } from './plan-environment.ts';
import { requireFreePort } from './ports.ts';
import { postgresUrl, spawnPostgres, waitForPostgres } from './postgres.ts';
import { stopLeftovers } from './process-registry.ts';
import { Progress } from './progress.ts';
import { readySummary } from './ready-summary.ts';
import { requireDatabase } from './require-database.ts';
import { loadSecrets, type Secrets } from './secrets.ts';
import { StartError } from './start-error.ts';
import { logPath, nodeChild, Supervisor } from './supervisor.ts';
import { waitUntilHealthy } from './wait-until-healthy.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Brings everything up, step by step, and takes it down again. */
export class Launcher {
  readonly #options: StartOptions;
  readonly #dataDir: string;
  readonly #progress = new Progress();
  #unlock: (() => void) | undefined;
  #supervisor: Supervisor | undefined;
  #stopping = false;

  constructor(options: StartOptions) {
    this.#options = options;
    this.#dataDir = resolve(root, options.dataDir);
  }

  /** Resolves when the site is healthy. @throws {StartError} with what to do when a step cannot be done. */
  async start(): Promise<void> {
    console.log(`OpenLedger, ${this.#options.dev ? 'development' : 'production'} server, data in ${this.#dataDir}`);
    this.#unlock = lockInstance(this.#dataDir);
    await this.#clean();
    const secrets = loadSecrets(this.#dataDir);
    const plan = await planEnvironment(root, this.#options, secrets);
    await requireFreePort(plan.env.PORT);
    const supervisor = new Supervisor(this.#dataDir, (text) => this.#stopping || console.log(`  ! ${text}`));
    this.#supervisor = supervisor;
    const steps: [title: string, work: (note: (text: string) => void) => Promise<string>][] = [
      ['database', () => this.#startDatabase(plan, secrets, supervisor)],
      ['migrations', () => this.#migrate(plan)],
      ['chain', () => this.#startChain(plan, supervisor)],
      ['contracts', () => deployContracts(plan.env)],
      ['sample data', (note) => this.#seed(plan, note)],
      ['web build', () => this.#build(plan)],
      ['processes', (note) => this.#startProcesses(plan, supervisor, note)],
    ];
    for (const [title, work] of steps) {
      if (this.#stopping) return;
      await this.#progress.step(title, work);
    }
    if (this.#stopping) return;
    this.#writeRuntime(plan);
    console.log(readySummary(plan, { dataDir: this.#dataDir, seconds: this.#progress.totalSeconds }));
  }

  /** Stops every child and gives the data folder back. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#supervisor?.stop();
    rmSync(join(this.#dataDir, 'runtime.json'), { force: true });
    this.#unlock?.();
  }

  async #clean(): Promise<void> {
    const left = await stopLeftovers(this.#dataDir);
    if (left.length > 0) console.log(`  ! the last start was killed; stopped what it left: ${left.join(', ')}`);
    if (this.#options.reset) await resetData(this.#dataDir, { yes: this.#options.yes });
    mkdirSync(join(this.#dataDir, 'logs'), { recursive: true });
  }

  async #startDatabase(plan: Plan, secrets: Secrets, supervisor: Supervisor): Promise<string> {
    if (plan.databasePort === undefined) return requireDatabase(plan.env.DATABASE_URL);
    const options = {
      dir: join(this.#dataDir, 'postgres'),
      port: plan.databasePort,
      password: secrets.databasePassword,
      logFile: logPath(this.#dataDir, 'postgres'),
    };
    const child = await supervisor.start({ name: 'postgres', wave: 2, spawn: () => spawnPostgres(options) });
    await waitForPostgres(options, 'openledger', child);
    return `PostgreSQL on ${new URL(postgresUrl(options, '')).host}`;
  }

  async #migrate(plan: Plan): Promise<string> {
    const { migrate } = await import('../../db/migrate.ts');
    await migrate(plan.env.DATABASE_URL);
    return 'schema is current';
  }

  async #startChain(plan: Plan, supervisor: Supervisor): Promise<string> {
    const { RPC_URL, CHAIN_ID } = plan.env;
    let child: ChildProcess | undefined;
    if (plan.chainPort !== undefined) {
      const args = [
        '--dir',
        join(this.#dataDir, 'anvil'),
        '--port',
        String(plan.chainPort),
        '--chain-id',
        String(CHAIN_ID),
      ];
      const main = join(root, 'scripts/up/devnet/main.ts');
      const options = { name: 'chain', wave: 1, env: {}, dataDir: this.#dataDir } as const;
      child = await supervisor.start(nodeChild({ ...options, args: [main, ...args] }));
    }
    await this.#waitForChain(plan, child);
    const block = Number(await callRpc(RPC_URL, 'eth_blockNumber', []));
    return `${child ? 'devnet' : 'given chain'} ${CHAIN_ID} on ${new URL(RPC_URL).host}, block ${block}`;
  }

  async #waitForChain(plan: Plan, child: ChildProcess | undefined): Promise<void> {
    const { RPC_URL, CHAIN_ID } = plan.env;
    for (const begun = performance.now(); ; await sleep(50)) {
      try {
        const actual = Number(await callRpc(RPC_URL, 'eth_chainId', []));
        if (actual !== CHAIN_ID)
          throw new StartError(`RPC_URL ${RPC_URL} serves chain ${actual}, CHAIN_ID is ${CHAIN_ID}.`);
        if (child) await refuseForeign(RPC_URL, child);
        return;
      } catch (error) {
        if (error instanceof StartError) throw error;
        const ended = child !== undefined && child.exitCode !== null;
        if (!ended && performance.now() - begun < (child ? 60_000 : 10_000)) continue;
        const where = child ? `Its log: ${logPath(this.#dataDir, 'chain')}` : 'Is RPC_URL right?';
        throw new StartError(`The chain on ${RPC_URL} does not answer (${(error as Error).message}). ${where}`);
      }
    }
  }

  async #seed(plan: Plan, note: (text: string) => void): Promise<string> {
    if (!existsSync(join(root, 'db/seed.ts'))) return 'none';
    const { seed } = await import('../../db/seed.ts');
    return seed(plan.env, note);
  }

  async #build(plan: Plan): Promise<string> {
    if (this.#options.dev) return 'not needed with --dev';
    return buildWeb(root, { env: plan.childEnv, logFile: logPath(this.#dataDir, 'build') });
  }

  async #startProcesses(plan: Plan, supervisor: Supervisor, note: (text: string) => void): Promise<string> {
    const common = { wave: 0, env: plan.childEnv, dataDir: this.#dataDir } as const;
    const next = join(root, 'node_modules/next/dist/bin/next');
    const mode = this.#options.dev ? 'dev' : 'start';
    await supervisor.start(
      nodeChild({
        ...common,
        name: 'web',
        args: [next, mode, '-p', String(plan.env.PORT)],
        isPlain: this.#options.dev,
      }),
    );
    for (const name of ['jobs', 'serve', 'index']) {
      await supervisor.start(nodeChild({ ...common, name, args: [join(root, 'worker/main.ts'), name] }));
    }
    const timeoutMs = 180_000; // seconds on a free machine, minutes for `next dev` on a busy one
    await waitUntilHealthy(plan.env.PORT, { timeoutMs, logsDir: join(this.#dataDir, 'logs'), note });
    return 'web, jobs, serve, index';
  }

  /** For the end-to-end tests and the audit: where everything is. Pids are in processes.json, which follows restarts. */
  #writeRuntime(plan: Plan): void {
    const { APP_URL, DATABASE_URL, RPC_URL, CHAIN_ID, DEPLOYMENT_FILE, OBJECT_STORE_DIR, SERVE_URL } = plan.env;
    const runtime = { APP_URL, DATABASE_URL, RPC_URL, CHAIN_ID, DEPLOYMENT_FILE, OBJECT_STORE_DIR, SERVE_URL };
    writeFileAtomically(join(this.#dataDir, 'runtime.json'), `${JSON.stringify(runtime, null, 2)}\n`);
  }
}

/** Two launchers may find the same port free; whose devnet comes second cannot listen, and the other's would answer for it. */
async function refuseForeign(url: string, child: ChildProcess): Promise<void> {
  const pid = (await fetch(url)).headers.get(devnetPidHeader);
  if (pid === String(child.pid)) return;
  throw new StartError(
    `${url} was taken by another chain (pid ${pid ?? 'unknown'}) meanwhile. Start again: another port is chosen then.`,
  );
}
