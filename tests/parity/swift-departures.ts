import type { StandardRow } from '../../core/contracts/row.js';

/** Where a template says something else than SWIFT on purpose; docs/differences.md tells why. */
interface Departure {
  /** SWIFT's text as it is said here. */
  readonly text?: (text: string) => string;
  /** Conversations that are not compared. */
  readonly skip?: (mode: string, row: StandardRow) => boolean;
}

export const DEPARTURES: Readonly<Record<string, Departure>> = {};
