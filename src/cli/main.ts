#!/usr/bin/env node
import { explain } from './explain.ts';
import { runCommandLine } from './run.ts';

const args = process.argv.slice(2);

// What nobody waited for is a bug like any other, and is told as one.
process.on('uncaughtException', (error) => {
  const { code, lines } = explain(error, args);
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(code);
});

// The code is set, not exited with, so that standard output can drain.
process.exitCode = await runCommandLine(args);
