// caught by: @nx/enforce-module-boundaries
import * as testing from '@core/testing/until';

export const borrowed = testing;
