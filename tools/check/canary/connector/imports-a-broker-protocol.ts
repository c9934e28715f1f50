// caught by: @nx/enforce-module-boundaries
import * as wire from '@core/xapi/wire/enums';

export const borrowed = wire;
