import { testRules } from './rule-cases.ts';

testRules('fn', 'ln', 'fi');
