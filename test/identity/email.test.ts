import { testRules } from './rule-cases.ts';

testRules('em');
