// caught by: no-restricted-imports
import { readFileSync } from 'node:fs';

export const rules = readFileSync('rules.json', 'utf8');
