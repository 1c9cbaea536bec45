import '../parent-watch.ts';
import { parseArgs } from 'node:util';
import { Devnet } from './devnet.ts';
import { listenForRpc } from './rpc-server.ts';

/** The devnet as a process: `main.ts --dir .data/anvil --port 8545 --chain-id 31337`. Stops cleanly on SIGTERM. */
const { values } = parseArgs({
  options: { dir: { type: 'string' }, port: { type: 'string' }, 'chain-id': { type: 'string' } },
});
if (!values.dir || !values.port || !values['chain-id']) throw new Error('--dir, --port and --chain-id are needed');

const log = (text: string) => process.stdout.write(`${new Date().toISOString()} ${text}\n`);
let stopping = false;
let stop: () => void = () => process.exit(0);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    stop();
  });
}

const devnet = await Devnet.start({ dir: values.dir, chainId: Number(values['chain-id']), log });
const server = await listenForRpc(devnet, Number(values.port));
log(`listening on http://127.0.0.1:${values.port}`);
stop = () => {
  server.close();
  server.closeAllConnections();
  void devnet.stop().finally(() => process.exit(0));
};
if (stopping) stop();
