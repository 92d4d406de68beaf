#!/usr/bin/env node
import { existsSync } from 'node:fs';

// ONNX Runtime collects what it calls telemetry unless it is told not to before it loads, in whatever thread that is.
process.env.ORT_DISABLE_TELEMETRY ??= '1';

const main = new URL('../dist/core/cli/main.js', import.meta.url);
if (!existsSync(main)) {
  console.error('swift is not built yet. Run: npm run build');
  process.exit(1);
}
await import(main.href);
