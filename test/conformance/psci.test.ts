import { conformanceTests } from './language/tests.ts';
import { psciRows } from './psci/index.ts';

conformanceTests(psciRows);
