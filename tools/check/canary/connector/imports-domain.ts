// caught by: @nx/enforce-module-boundaries
import * as domain from '@core/domain/order';

export const borrowed = domain;
