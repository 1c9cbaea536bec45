/** An index that a browser downloads and scans without being asked twice. */
export const indexBytesMax = 32_000_000;
