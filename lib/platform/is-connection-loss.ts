/** PostgreSQL: class 08, shutdown and start-up (57P0x), too many clients. Sockets: what Node calls them. */
const lostCodes = /^(08\w{3}|57P0[1-5]|53300|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE)$/;
/** What the driver says without a code when the server goes away between or inside queries. */
const lostMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/**
 * Whether an error, or one that caused it, says that the database or another server was away: nothing is wrong with the
 * work itself, and doing it again later may succeed.
 */
export function isConnectionLoss(error: unknown): boolean {
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    const { code } = inner as { code?: unknown };
    if ((typeof code === 'string' && lostCodes.test(code)) || lostMessages.test(inner.message)) return true;
  }
  return false;
}
