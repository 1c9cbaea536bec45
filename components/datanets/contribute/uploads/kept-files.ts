const store = 'files';

/** Files under way, kept by the browser itself (IndexedDB), so that an upload goes on after the tab was closed. */
export const keptFiles = {
  put: (key: string, file: File) => ask('readwrite', (files) => files.put(file, key)),
  /** Undefined where there is none, or where the browser keeps nothing. */
  get: (key: string) => ask<File | undefined>('readonly', (files) => files.get(key)),
  remove: (key: string) => ask('readwrite', (files) => files.delete(key)),
};

/** One request; a browser that keeps nothing (private windows) answers undefined, and the file is then chosen again. */
async function ask<T>(
  mode: IDBTransactionMode,
  request: (files: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  try {
    const database = await done(openDatabase());
    try {
      return await done(request(database.transaction(store, mode).objectStore(store)));
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

function openDatabase(): IDBOpenDBRequest {
  const opening = indexedDB.open('openledger-uploads', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(store);
  return opening;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
