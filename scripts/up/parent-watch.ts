/**
 * Imported first by every process that the launcher starts (`node --import`, or an import in its main file). The
 * launcher holds the other end of standard input; when it dies, even by kill -9, the pipe closes and this process stops
 * as on SIGTERM. A process started by hand, with a terminal or nothing as input, is left alone.
 */
const graceMs = 8_000;

if (process.env.OPENLEDGER_PARENT_WATCH === '1') {
  // Own children (Next's workers) inherit no such pipe.
  delete process.env.OPENLEDGER_PARENT_WATCH;
  const stop = () => {
    setTimeout(() => process.exit(1), graceMs).unref();
    process.kill(process.pid, 'SIGTERM');
  };
  process.stdin.on('error', stop);
  process.stdin.on('close', stop);
  process.stdin.resume();
  // The pipe must not keep a finished process alive.
  (process.stdin as unknown as { unref?(): void }).unref?.();
}
