import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import pg from 'pg';
import { createDatanet } from './support/create-datanet.ts';
import { enter } from './support/enter.ts';
import { importNamedRows } from './support/named-rows.ts';
import { picturesOf } from './support/pictures.ts';
import { dataDir, readRuntime } from './support/place.ts';
import { type Person, test } from './support/test.ts';

/** Devnet accounts of these journeys. */
const people = { gatekeeper: 51, asker: 52, keyholder: 53, member: 54 };
const picture = picturesOf('datanets-private');
const purpose = 'To train an assistant for our own support desk.';

test('a gated Datanet: who asks with a signature is let in, reads, and is put out again', async ({
  person,
  page: guest,
}) => {
  const slug = 'night-desk';
  const owner = await enter(await person(people.gatekeeper));
  const shot = (name: string) => picture(owner.page, name);
  const question = 'A voucher code is refused although it is still valid.';

  await test.step('the owner makes it gated before the first row', async () => {
    const summary = 'What the night desk answers, for people who were let in.';
    await createDatanet(owner.page, { template: 'Support', title: 'Night desk', slug, summary }, shot);
    await chooseTier(owner.page, slug, 'Gated');
    await shot('gated');
    await importNamedRows(owner.page, slug, 'night:desk');
  });

  await test.step('a stranger sees that there are rows, and none of them', async () => {
    await guest.goto(`/datanets/${slug}`);
    await expect(guest.getByText('The rows of this Datanet are private')).toBeVisible();
    await picture(guest, 'gated-closed');
    for (const path of [`/datanets/${slug}`, `/datanets/${slug}/review`, `/api/v1/viewer/first-rows?dataset=${slug}`]) {
      expect(await (await guest.request.get(path)).text(), path).not.toContain('voucher code');
    }
  });

  const asker = await enter(await person(people.asker));
  await test.step('somebody asks, the owner reads why and lets in', async () => {
    await ask(asker, slug);
    await picture(asker.page, 'asked');
    await letIn(owner.page, slug, shot);
  });

  await test.step('the member reads', async () => {
    await asker.page.goto(`/datanets/${slug}`);
    await expect(asker.page.getByText(question)).toBeVisible();
    await picture(asker.page, 'gated-open');
  });

  await test.step('revoked, the member is a stranger at once', async () => {
    await owner.page.goto(`/datanets/${slug}/access`);
    await owner.page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await expect(owner.page.getByText(/^Revoked/)).toBeVisible();
    await asker.page.reload();
    await expect(asker.page.getByText('The rows of this Datanet are private')).toBeVisible();
    await asker.page.goto(`/datanets/${slug}/access`);
    await expect(asker.page.getByText(/Your permission was revoked/)).toBeVisible();
    await picture(asker.page, 'revoked');
  });
});

test('an encrypted Datanet: members read it, and nobody else, the server neither', async ({ person, page: guest }) => {
  const slug = 'sealed-letters';
  const secret = {
    prompt: 'Where does the heliotrope lantern hang?',
    completion: 'Above the ferryman’s oaken staircase, as the quartermaster wrote.',
  };
  const owner = await enter(await person(people.keyholder));
  const shot = (name: string) => picture(owner.page, name);

  await test.step('the owner makes it encrypted, and its keys in the browser', async () => {
    const summary = 'Letters that only their readers’ browsers can open.';
    await createDatanet(owner.page, { template: 'Support', title: 'Sealed letters', slug, summary }, shot);
    await chooseTier(owner.page, slug, 'Encrypted');
    await makeKey(owner.page, shot);
    await owner.page.getByRole('button', { name: 'Make the data key' }).click();
    await expect(owner.page.getByText(/^Era 1\./)).toBeVisible();
    await shot('era-1');
  });

  const member = await enter(await person(people.member));
  const answers = watchAnswers(member.page);
  const code = await test.step('a member makes a key pair, asks and is let in', async () => {
    await member.page.goto(`/datanets/${slug}/access`);
    const recoveryCode = await makeKey(member.page, (name) => picture(member.page, name));
    await ask(member, slug);
    await letIn(owner.page, slug, shot);
    return recoveryCode;
  });

  await test.step('the member seals a row, and the owner opens and accepts it', async () => {
    await member.page.goto(`/datanets/${slug}/contribute`);
    await member.page.getByLabel('Rows').fill(JSON.stringify(secret));
    await member.page.getByRole('button', { name: 'Check, seal and send' }).click();
    await expect(member.page.getByText('1 sealed and sent, 0 there already.')).toBeVisible();
    await picture(member.page, 'sealed');
    await owner.page.goto(`/datanets/${slug}/review`);
    await expect(owner.page.getByText(secret.prompt)).toBeVisible();
    await shot('sealed-review');
    await owner.page.getByRole('button', { name: 'Accept' }).click();
    // Said where the row stood until the list is read again, and there the row is gone.
    await expect(owner.page.getByText(/^Decided$|^Nothing waits for review/)).toBeVisible();
  });

  await test.step('the member reads it, also in another browser with the recovery code', async () => {
    await member.page.goto(`/datanets/${slug}`);
    await expect(member.page.getByText(secret.completion)).toBeVisible();
    await picture(member.page, 'sealed-rows');
    await member.page.getByRole('link', { name: 'See the row' }).click();
    await expect(member.page.getByText('Sealed: this server has no text of it.')).toBeVisible();
    const elsewhere = await enter(await person(people.member));
    await elsewhere.page.goto(`/datanets/${slug}`);
    await elsewhere.page.getByLabel('Recovery code of your key').fill('0'.repeat(32));
    await elsewhere.page.getByRole('button', { name: 'Open my key' }).click();
    await expect(elsewhere.page.getByText(/This code does not open the key/)).toBeVisible();
    await elsewhere.page.getByLabel('Recovery code of your key').fill(code);
    await elsewhere.page.getByRole('button', { name: 'Open my key' }).click();
    await expect(elsewhere.page.getByText(secret.completion)).toBeVisible();
  });

  await test.step('nobody else does: guests, the API, the database, files, logs and every answer of the server', async () => {
    await guest.goto(`/datanets/${slug}`);
    await expect(guest.getByText('The rows of this Datanet are private')).toBeVisible();
    const words = ['heliotrope', 'ferryman', 'quartermaster'];
    const found: string[] = [];
    for (const [where, text] of [...(await readTables()), ...readFiles(dataDir), ...(await answers())]) {
      found.push(...words.filter((word) => holds(text, word)).map((word) => `${word} in ${where}`));
    }
    expect(found).toEqual([]);
  });
});

async function chooseTier(page: Page, slug: string, tier: string): Promise<void> {
  await page.goto(`/datanets/${slug}/access`);
  await page.getByRole('radio', { name: new RegExp(`^${tier}`) }).check();
  await page.getByRole('button', { name: `Make it ${tier.toLowerCase()}` }).click();
  await expect(page.getByText(tier, { exact: true }).first()).toBeVisible();
}

async function ask({ page }: Person, slug: string): Promise<void> {
  if (!page.url().endsWith(`${slug}/access`)) await page.goto(`/datanets/${slug}/access`);
  await page.getByLabel('What you want the rows for').fill(purpose);
  await page.getByRole('button', { name: 'Sign and ask' }).click();
  await expect(page.getByText(/^You asked/)).toBeVisible();
}

async function letIn(page: Page, slug: string, shot: (name: string) => Promise<void>): Promise<void> {
  await page.goto(`/datanets/${slug}/access`);
  await expect(page.getByText(purpose)).toBeVisible();
  await shot('request');
  await page.getByRole('button', { name: 'Sign and let in' }).click();
  await expect(page.getByText('Nobody waits.')).toBeVisible();
  await expect(page.getByText(/^Ends/)).toBeVisible();
  await shot('let-in');
}

/** Makes the reader's key pair on an open page. Returns its recovery code. */
async function makeKey(page: Page, shot: (name: string) => Promise<void>): Promise<string> {
  await page.getByRole('button', { name: 'Make my key' }).click();
  const confirm = page.getByRole('button', { name: 'I have written it down' });
  await expect(confirm).toBeVisible();
  await shot('recovery-code');
  const code = await page.getByText(/^[0-9a-f -]{32,}$/i).innerText();
  await confirm.click();
  return code.trim();
}

type Text = [where: string, text: Buffer];

/** Bodies of everything that the server answers to a page from now on. */
function watchAnswers(page: Page): () => Promise<Text[]> {
  const bodies: Promise<Text | null>[] = [];
  page.on('response', (response) => {
    bodies.push(
      response.body().then(
        (body): Text => [response.url(), body],
        () => null,
      ),
    );
  });
  return async () => {
    const answers = (await Promise.all(bodies)).filter((one) => one !== null);
    expect(answers.length).toBeGreaterThan(20);
    return answers;
  };
}

/** Every row of every table, as text; bytes come as hexadecimal digits. */
async function readTables(): Promise<Text[]> {
  const client = new pg.Client({ connectionString: readRuntime().DATABASE_URL });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
    );
    const texts: Text[] = [];
    for (const { name } of tables.rows) {
      const rows = await client.query<{ text: string }>(`select t::text as text from ${name} t`);
      texts.push([name, Buffer.from(rows.rows.map(({ text }) => text).join('\n'))]);
    }
    expect(texts.length).toBeGreaterThan(30);
    return texts;
  } finally {
    await client.end();
  }
}

/** What the server has written besides: stored objects and logs. */
function readFiles(folder: string): Text[] {
  return ['objects', 'logs'].flatMap((name) =>
    readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry): Text => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name))]),
  );
}

function holds(text: Buffer, word: string): boolean {
  return [
    Buffer.from(word),
    Buffer.from(Buffer.from(word).toString('hex')),
    Buffer.from(Buffer.from(word).toString('base64').slice(0, 10)),
  ].some((form) => text.includes(form));
}
