import { z } from 'zod';

const address = z
  .string()
  .refine(
    (value) => /^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : ''),
    'each of urls is an address',
  );

const fleet = z.strictObject({
  kind: z.enum(['vllm', 'sglang'], { error: 'kind is vllm or sglang' }),
  urls: z.array(address).min(1, 'urls names at least one server'),
  apiKey: z.string().min(1).optional(),
  /** The object store's root as the servers see it: they load adapters from `<storePath>/adapters/<id>`. */
  storePath: z.string().startsWith('/', 'storePath is an absolute path, as the servers see it'),
  maxLoras: z.number().int().min(1).max(10_000).optional(),
  maxInFlight: z.number().int().min(1).max(100_000).optional(),
});

/** Base model (its folder in MODELS_DIR) to the GPU servers that serve it; docs/fleet.md. JSON in one line. */
export const serveFleetsSchema = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue('must be JSON in one line');
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'a base model is named by its folder'), fleet));

export type ServeFleet = z.infer<typeof fleet>;
