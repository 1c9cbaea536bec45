/** Raised whenever the same input may give other bits. Version 1 had no accumulation and one graph for gradient and AdamW. */
export const engineVersion = '2';
