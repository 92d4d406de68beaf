/** Writes a weight in fewer bits and reads it back. A contract for plugins to come: no command calls it yet. */
export interface Quantizer {
  /** @param weight row-major [rows, columns] */
  quantize(weight: Float32Array, columns: number): Uint8Array;
  dequantize(bytes: Uint8Array, columns: number): Float32Array;
}

export interface QuantizerMeta {
  readonly id: string;
  readonly summary: string;
  readonly bits: number;
}
