import { createInterface } from 'node:readline';
import { type OwnProcess, stopInOrder } from './stop-in-order.ts';

/**
 * Survives the launcher by a few seconds. PostgreSQL and anvil cannot notice that their parent was killed (-9), so this
 * process holds the other end of a pipe: each line is the list of the launcher's processes, and when the pipe closes
 * without the line `done`, it stops them in order.
 */
let processes: OwnProcess[] = [];
let done = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (line === 'done') done = true;
    else processes = JSON.parse(line) as OwnProcess[];
  })
  .on('close', () => {
    void (done ? Promise.resolve() : stopInOrder(processes)).finally(() => process.exit(0));
  });
