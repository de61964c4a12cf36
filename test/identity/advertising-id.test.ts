import { testRules } from './rule-cases.ts';

testRules('madid');
