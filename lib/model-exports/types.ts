/** What a model can be taken away as: PEFT files as trained, one merged checkpoint, or GGUF with an Ollama Modelfile. */
export const exportFormats = ['adapter', 'merged', 'gguf'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** A file of an export; `key` is where the object store has it. */
export type ExportFile = { name: string; key: string; sizeBytes: number; sha256: string };

/** What the job leaves beside the files when all of them are stored, or what keeps them from being made. */
export type ExportManifest = { files: ExportFile[]; problem: string | null };

export type ModelExport = {
  format: ExportFormat;
  /** none: nobody asked for it yet; failed: `problem` says why it cannot be made. */
  state: 'ready' | 'preparing' | 'failed' | 'none';
  files: Pick<ExportFile, 'name' | 'sizeBytes' | 'sha256'>[];
  problem: string | null;
};
