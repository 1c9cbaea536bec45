import type { MemberKey } from '#lib/kernel/sealing/member-key.ts';

const [database, store] = ['openledger-keys', 'member-keys'];

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** This browser's key pair of an account, or null. The private half cannot be exported, only used. */
export async function findStoredKey(account: string): Promise<MemberKey | null> {
  const db = await open();
  try {
    return ((await done(db.transaction(store).objectStore(store).get(account))) as MemberKey | undefined) ?? null;
  } finally {
    db.close();
  }
}

export async function storeKey(account: string, key: MemberKey): Promise<void> {
  const db = await open();
  try {
    await done(db.transaction(store, 'readwrite').objectStore(store).put(key, account));
  } finally {
    db.close();
  }
}
