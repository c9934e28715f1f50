// caught by: no-restricted-syntax
export { start } from './forgets-a-promise.ts';
