import type { Tensor } from '../../graph/index.js';
import { Module } from '../module.js';
import type { Scope } from '../scope.js';

/** From what a transformer saw in tiles to features as wide as the language model. */
export abstract class Connector extends Module {
  /** How many features a tile becomes. @param seen rows that the transformer gives for it */
  abstract rows(seen: number): number;
  /** [N, seen, W] -> [N, rows, D] */
  abstract forward(scope: Scope, seen: Tensor): Tensor;
}
