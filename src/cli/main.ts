#!/usr/bin/env node
import { runCommandLine } from './run.ts';

// The code is set, not exited with, so that standard output can drain.
process.exitCode = await runCommandLine(process.argv.slice(2));
