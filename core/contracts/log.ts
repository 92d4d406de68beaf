/** Where a run says what it does. The command line prints it; tests and servers may collect it. */
export interface Log {
  info(message: string): void;
  /** Something the user should know: rows dropped, a fallback taken. Said once. */
  warn(message: string): void;
}
