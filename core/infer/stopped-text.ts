/** A text that grows by pieces, up to the first of its stop words. */
export class StoppedText {
  /** Whether a stop word ended it. */
  isStopped = false;
  private text = '';
  private given = 0;

  /** @param onText gets pieces that are safe to print: what could be the beginning of a stop word is held back until it is clear */
  constructor(
    private readonly stops: readonly string[],
    private readonly onText?: (text: string) => void,
  ) {}

  /** What comes behind a stop word is left out. */
  push(piece: string): void {
    if (this.isStopped) return;
    this.text += piece;
    const found = this.stops.map((word) => this.text.indexOf(word)).filter((at) => at >= 0);
    this.isStopped = found.length > 0;
    if (this.isStopped) this.text = this.text.slice(0, Math.min(...found));
    this.give(this.isStopped ? this.text.length : this.text.length - this.heldBack());
  }

  /** The whole text; what was held back is given now. */
  end(): string {
    this.give(this.text.length);
    return this.text;
  }

  private give(end: number): void {
    const fresh = this.text.slice(this.given, end);
    this.given = Math.max(this.given, end);
    if (fresh) this.onText?.(fresh);
  }

  /** Length of the longest end of the text that begins a stop word. */
  private heldBack(): number {
    const longest = Math.max(0, ...this.stops.map(({ length }) => length - 1));
    for (let length = Math.min(longest, this.text.length); length > 0; length--) {
      const end = this.text.slice(-length);
      if (this.stops.some((word) => word.startsWith(end))) return length;
    }
    return 0;
  }
}
