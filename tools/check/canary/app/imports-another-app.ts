// caught by: @nx/enforce-module-boundaries
import { secret } from '../another-app/secret.ts';

export const stolen = secret;
