import type { Env } from '../env.ts';
import { fileObjectStore } from './file-object-store.ts';
import type { ObjectStore } from './object-store.ts';
import { s3ObjectStore } from './s3-object-store.ts';

/** The store that the settings name: S3 when S3_ENDPOINT is given, else a folder. */
export function openObjectStore(env: Env): ObjectStore {
  if (!env.S3_ENDPOINT) return fileObjectStore(env.OBJECT_STORE_DIR);
  return s3ObjectStore({
    endpoint: env.S3_ENDPOINT,
    region: env.S3_REGION!, // loadEnv refuses S3_ENDPOINT without the four
    bucket: env.S3_BUCKET!,
    accessKeyId: env.S3_ACCESS_KEY_ID!,
    secretAccessKey: env.S3_SECRET_ACCESS_KEY!,
  });
}
