import { conformanceTests } from './language/tests.ts';
import { rmiRows } from './rmi/index.ts';

conformanceTests(rmiRows);
