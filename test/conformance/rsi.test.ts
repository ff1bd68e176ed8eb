import { conformanceTests } from './language/tests.ts';
import { rsiRows } from './rsi/index.ts';

conformanceTests(rsiRows);
