import pg from 'pg';
import { StartError } from './start-error.ts';

const oldestVersion = 14;

/**
 * Checks that the given PostgreSQL answers and is not too old, and says which it is.
 *
 * @throws {StartError} naming DATABASE_URL, without its password.
 */
export async function requireDatabase(url: string): Promise<string> {
  const shown = Object.assign(new URL(url), { password: '' }).toString();
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {}); // the call that it breaks reports it
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>(`select current_setting('server_version') as version`);
    const version = rows[0]?.version ?? '0';
    if (Number.parseInt(version, 10) >= oldestVersion) return `given: PostgreSQL ${version} on ${new URL(url).host}`;
    throw new StartError(`DATABASE_URL ${shown} is PostgreSQL ${version}; ${oldestVersion} or newer is needed.`);
  } catch (error) {
    if (error instanceof StartError) throw error;
    const { message, code } = error as Error & { code?: string };
    throw new StartError(
      `DATABASE_URL ${shown} cannot be used: ${message || code}. Is the server up and the database there?`,
    );
  } finally {
    await client.end().catch(() => {});
  }
}
