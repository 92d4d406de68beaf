import { constant, matmul, reshape, transpose, type Tensor } from '../../graph/index.js';
import { stretchMatrix } from './position-table.js';

/** A square table of positions at another size, bicubic with antialias: [from², W] -> [side², W]. */
export function stretchedTable(table: Tensor, side: number): Tensor {
  const [rows, width] = table.shape;
  const from = Math.sqrt(rows);
  if (from === side) return table;
  const shares = constant(stretchMatrix(side, from).flat(), [side, from]);
  const lines = matmul(shares, reshape(table, [from, from * width]));
  const turned = transpose(reshape(lines, [side, from, width]), [1, 0, 2]);
  const columns = matmul(shares, reshape(turned, [from, side * width]));
  return reshape(transpose(reshape(columns, [side, side, width]), [1, 0, 2]), [side * side, width]);
}
