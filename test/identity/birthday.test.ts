import { testRules } from './rule-cases.ts';

testRules('db', 'doby', 'dobm', 'dobd');
