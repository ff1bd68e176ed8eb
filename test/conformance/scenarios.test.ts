import { scenarioTests } from './language/tests.ts';
import { SCENARIOS } from './scenarios/index.ts';

scenarioTests(SCENARIOS);
