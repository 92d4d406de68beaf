/** What the thread that trains and those that encode rows say to each other. */
import type { Fault, PackedRows } from '../../data/packed-rows.js';
import type { LoadedRow } from '../../data/index.js';

export interface ToEncoder {
  readonly id: number;
  readonly rows: readonly LoadedRow[];
}

export type FromEncoder =
  | { readonly kind: 'ready' }
  | { readonly kind: 'packed'; readonly id: number; readonly packed: PackedRows }
  | { readonly kind: 'failed'; readonly id: number; readonly fault: Fault }
  | { readonly kind: 'warning'; readonly message: string };
