// caught by: @nx/enforce-module-boundaries
import * as health from '@core/service/health';

export const borrowed = health;
