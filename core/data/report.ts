/** Rows that are shown of those dropped for one reason. */
const SHOWN = 3;

/** What became of the rows of one dataset. Every row read is either kept or counted under a reason. */
export class DataReport {
  /** Rows of the right shape that `#rows` and the validation split left for this use; a row may be taken twice. */
  taken = 0;
  kept = 0;
  truncated = 0;
  /** Tokens of the samples kept. */
  tokens = 0;
  /** Rows dropped, by reason. */
  readonly dropped = new Map<string, number>();
  /** Fields that say nothing here, with how often they stand in the rows. */
  readonly unused = new Map<string, number>();
  /** Place and fault of the first few rows that were dropped for each reason. */
  readonly examples: string[] = [];

  constructor(
    readonly dataset: string,
    /** Rows in the files; of rows set aside, these. */
    public read = 0,
  ) {}

  drop(reason: string, example?: string): void {
    const count = (this.dropped.get(reason) ?? 0) + 1;
    this.dropped.set(reason, count);
    if (example !== undefined && count <= SHOWN) this.examples.push(example);
  }

  readonly countUnused = (field: string): void => {
    this.unused.set(field, (this.unused.get(field) ?? 0) + 1);
  };

  get droppedTotal(): number {
    return [...this.dropped.values()].reduce((sum, count) => sum + count, 0);
  }

  /** `fields not used: messages[].model (512)`. */
  unusedText(): string {
    return `fields not used: ${[...this.unused].map(([field, count]) => `${field} (${count})`).join(', ')}`;
  }

  /** `alpaca-zh: 48818 read, 500 taken, 490 kept, 10 dropped (8 longer than max_length, 2 empty), truncated 0`. */
  toString(): string {
    const reasons = [...this.dropped].map(([reason, count]) => `${count} ${reason}`).join(', ');
    const dropped = `${this.droppedTotal} dropped${reasons === '' ? '' : ` (${reasons})`}`;
    const taken = this.taken === this.read ? '' : `${this.taken} taken, `;
    const unused = this.unused.size === 0 ? '' : `, ${this.unusedText()}`;
    return `${this.dataset}: ${this.read} read, ${taken}${this.kept} kept, ${dropped}, truncated ${this.truncated}${unused}`;
  }
}
