/** Rotary tables as graph inputs of a pass whose rows differ in length, and so perhaps in how they turn. */
import type { HostTensor } from '../contracts/backend.js';
import type { CausalLM } from '../nn/index.js';
import { placedTable, rowsFor, rowsInOrder } from './placed-table.js';
import { remember } from './remember.js';
import { RopeMemo, type Tables } from './rope-memo.js';

/** New positions of each row behind those it has. */
export interface PassRows {
  /** Per row, padding on the right included. */
  readonly length: number;
  /** Filled positions, int32 [B]. */
  readonly past: Int32Array;
  /** New ones without padding, int32 [B]. */
  readonly fresh: Int32Array;
  /** Positions of each row's whole sequence, by which some tables scale: what a row reads never hangs on another. */
  readonly used: readonly number[];
  /** Where tokens have three positions: these, int32 [3, B · length]. */
  readonly axes?: Int32Array;
}

/** What the blocks of one pass read of positions. */
export interface PassRotary {
  /** int32 [B, T]: the row of the tables at each token. */
  readonly position_ids: HostTensor;
  /** cos and sin, [positions, dims / 2]. @param which of the model's tables */
  tables(which: number): Tables;
}

/**
 * One table for all positions where all rows turn alike. Where tokens have three positions, or a row turns by how long it
 * is (dynamic NTK, LongRoPE), each token brings its own row of a table, [B · T, dims / 2].
 */
export class RotaryInputs {
  /** Whether each token brings its own row. */
  readonly byToken: boolean;
  private readonly scales: boolean;
  private readonly memo: RopeMemo;

  constructor(private readonly model: CausalLM) {
    this.memo = new RopeMemo(model);
    const which = new Set(model.blocks.map(({ view }) => view.rope));
    this.scales = [...which].some((one) => model.ropeBasis(one, 1) !== model.ropeBasis(one, Infinity));
    this.byToken = this.scales || model.ropeAxes !== undefined;
  }

  /** Shape of cos and of sin in a graph for `tokens` tokens against a cache of `capacity`. */
  shape(which: number, tokens: number, capacity: number): readonly number[] {
    const [{ shape }] = this.memo.get(which, capacity, 1);
    return this.byToken ? [tokens, shape[1]] : shape;
  }

  /** cos and sin of all positions. @throws Error where rows turn by how long they are */
  table(which: number, capacity: number): Tables {
    if (this.byToken) throw new Error('features that tokens look at turn by one table');
    return this.memo.get(which, capacity, 1);
  }

  /** @param last position that is looked up; padding may lie behind it */
  of(rows: PassRows, capacity: number, last: number): PassRotary {
    const batch = rows.past.length;
    const shape = [batch, rows.length];
    if (!this.byToken) {
      const data = new Int32Array(batch * rows.length);
      for (let i = 0; i < data.length; i++)
        data[i] = Math.min(last, rows.past[Math.floor(i / rows.length)] + (i % rows.length));
      return {
        position_ids: { dtype: 'int32', shape, data },
        tables: (which) => this.memo.get(which, capacity, 1),
      };
    }
    const made = new Map<number, Tables>();
    return {
      position_ids: rowsInOrder(shape),
      tables: (which) => remember(made, which, () => this.ofTokens(which, rows, capacity)),
    };
  }

  private ofTokens(which: number, rows: PassRows, capacity: number): Tables {
    const { axes, length, used } = rows;
    const { model } = this;
    const { ropeAxes } = model;
    const positions = axes ? rowsFor(axes, capacity) : capacity;
    if (axes && !this.scales) {
      const [cos, sin] = this.memo.get(which, positions, 1);
      return [placedTable(cos, axes, ropeAxes!), placedTable(sin, axes, ropeAxes!)];
    }
    const parts = [...rows.past].map((past, row) => {
      if (!axes) return model.rope(which, length, used[row], past);
      const { cos, sin } = model.rope(which, positions, used[row]);
      const half = ropeAxes!.length;
      const own = axesOf(axes, row, length);
      const placed = (data: Float32Array): Float32Array =>
        placedTable({ dtype: 'float32', shape: [positions, half], data }, own, ropeAxes!)
          .data as Float32Array;
      return { cos: placed(cos), sin: placed(sin) };
    });
    const tokens = parts.length * length;
    return [
      joined(
        parts.map(({ cos }) => cos),
        tokens,
      ),
      joined(
        parts.map(({ sin }) => sin),
        tokens,
      ),
    ];
  }
}

/** Of int32 [3, B · length], those of one row, [3, length]. */
function axesOf(axes: Int32Array, row: number, length: number): Int32Array {
  const all = axes.length / 3;
  const own = new Int32Array(3 * length);
  for (let axis = 0; axis < 3; axis++) {
    const start = axis * all + row * length;
    own.set(axes.subarray(start, start + length), axis * length);
  }
  return own;
}

/** Tables one below the other, [tokens, dims / 2]. */
function joined(parts: readonly Float32Array[], tokens: number): HostTensor {
  const data = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => {
    data.set(part, at);
    return at + part.length;
  }, 0);
  return { dtype: 'float32', shape: [tokens, data.length / tokens], data };
}
