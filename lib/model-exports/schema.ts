import { z } from 'zod';
import { exportFormats } from './types.ts';

/** `model` is the slug. */
export const modelSchema = z.object({ model: z.string().min(1).max(200) });

export const requestExportSchema = modelSchema.extend({ format: z.enum(exportFormats) });

export const exportFileSchema = requestExportSchema.extend({ file: z.string().min(1).max(200) });
