/** What the worker gets: the job's input and a shared flag that is 1 once it should stop. */
export type WorkerRequest<Input> = { input: Input; stop: Int32Array };

/** An error as plain data; `code` where the error has one. */
export type WorkerFailure = { name: string; message: string; code?: string | undefined };

export type WorkerMessage<Event> =
  | { kind: 'event'; event: Event }
  | { kind: 'failed'; failure: WorkerFailure }
  | { kind: 'finished' };
